import type { ErrorCode } from '@watchkeeper/contracts/error-codes';

/** One invalid field of a request: a JSON pointer or parameter name, and what to do about it. */
export interface FieldError {
  field: string;
  message: string;
}

/**
 * The one error a caller may see. `message` is written for that caller and says what to do;
 * the HTTP status follows from `code` (see http/problem.ts), the cause stays in the log.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly errors: readonly FieldError[];
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; errors?: readonly FieldError[]; retryAfterSeconds?: number } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.errors = options.errors ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

export function notFound(what: string): AppError {
  return new AppError('not_found', `There is no such ${what}.`);
}

export function invalidField(field: string, message: string): AppError {
  return new AppError('validation_failed', `${field}: ${message}`, { errors: [{ field, message }] });
}

/** Several at once; the first is the message. */
export function invalidFields(
  errors: readonly FieldError[],
  code: 'validation_failed' | 'unknown_field' = 'validation_failed',
): AppError {
  const [first] = errors;
  return new AppError(code, `${first?.field ?? 'body'}: ${first?.message ?? 'is invalid'}.`, { errors });
}
