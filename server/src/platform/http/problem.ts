import { type ErrorCode, errorCodes } from '@watchkeeper/contracts/error-codes';
import { namePattern, namePatternHelp } from '@watchkeeper/contracts/text';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { sqlStateOf, toDatabaseError } from '../db/database.ts';
import { AppError, type FieldError } from '../errors.ts';
import type { Logger } from '../log.ts';

export const problemContentType = 'application/problem+json; charset=utf-8';

const titles: Partial<Record<ErrorCode, string>> = {
  malformed_json: 'Malformed JSON',
  validation_failed: 'Invalid request',
  unknown_field: 'Unknown field',
  unauthenticated: 'Credential missing or wrong',
  rate_limited: 'Too many requests',
  internal: 'Internal error',
};

function titleOf(code: ErrorCode): string {
  const words = code.replaceAll('_', ' ');
  return titles[code] ?? words.charAt(0).toUpperCase() + words.slice(1);
}

/** Fastify's and the parser's own errors, in our words. */
const frameworkCodes: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported_media_type', 'Send the body as application/json.'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['malformed_json', 'The body is not valid JSON.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['malformed_json', 'The body is empty; send a JSON document.'],
  FST_ERR_CTP_BODY_TOO_LARGE: ['payload_too_large', 'The body is larger than this route accepts.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['bad_request', 'The Content-Length does not match the body.'],
  FST_ERR_BAD_URL: ['bad_request', 'The URL cannot be decoded.'],
  FST_ERR_ASYNC_CONSTRAINT: ['bad_request', 'The request cannot be routed.'],
  FST_ERR_NOT_FOUND: ['not_found', 'There is nothing at this path.'],
  FST_ERR_MAX_PARAM_LENGTH: ['not_found', 'There is nothing at this path.'],
};

/** Turns every failure into an AppError: a fault of the caller, or `internal` with its cause in the log. */
export function toAppError(error: unknown): AppError {
  const known = toDatabaseError(error);
  if (known instanceof AppError) return known;
  const framework = frameworkErrorOf(error);
  if (framework !== undefined) return framework;
  return new AppError('internal', 'Something went wrong on our side. The request id helps us to find it.', {
    cause: error,
  });
}

function frameworkErrorOf(error: unknown): AppError | undefined {
  if (!(error instanceof Error)) return undefined;
  // Safe because every property is checked before use.
  const { code, statusCode, validation, validationContext } = error as Partial<FastifyError>;
  if (validation !== undefined) return validationError(validation, validationContext ?? 'body');
  const mapped = code === undefined ? undefined : frameworkCodes[code];
  if (mapped !== undefined) return new AppError(mapped[0], mapped[1], { cause: error });
  if (error instanceof SyntaxError && statusCode === 400)
    return new AppError('malformed_json', 'The body is not valid JSON.');
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new AppError('bad_request', 'The request cannot be read.', { cause: error });
  }
  return undefined;
}

const fieldErrorsMax = 20;

function validationError(validation: NonNullable<FastifyError['validation']>, context: string): AppError {
  const errors: FieldError[] = [];
  let unknown = false;
  for (const issue of validation) {
    // Each branch of a union complains; the message of the union itself is enough.
    if (issue.keyword === 'additionalProperties') unknown = true;
    const field = fieldOf(issue, context);
    const message = messageOf(issue);
    if (!errors.some((known) => known.field === field)) errors.push({ field, message });
    if (errors.length === fieldErrorsMax) break;
  }
  const first = errors[0];
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return new AppError(
    unknown ? 'unknown_field' : 'validation_failed',
    first === undefined ? 'The request is invalid.' : `${first.field}: ${first.message}${more}.`,
    { errors },
  );
}

type Issue = NonNullable<FastifyError['validation']>[number];

function fieldOf(issue: Issue, context: string): string {
  const path = issue.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const extra = issue.params.additionalProperty ?? issue.params.missingProperty;
  if (typeof extra === 'string') path.push(extra);
  return path.length === 0 ? context : path.join('.');
}

/** What to write, when the pattern alone does not say it. */
const patternWords: ReadonlyMap<string, string> = new Map([
  [namePattern, namePatternHelp],
  ['\\S', 'must have a visible character'],
]);

function messageOf(issue: Issue): string {
  if (issue.keyword === 'additionalProperties') return 'is not a known field';
  if (issue.keyword === 'required') return 'is required';
  if (issue.keyword === 'enum' && Array.isArray(issue.params.allowedValues))
    return `must be one of ${issue.params.allowedValues.join(', ')}`;
  if (issue.keyword === 'format' && issue.params.format === 'date-time')
    return 'must be a date and time that exists, such as 2026-12-01T22:00:00Z';
  if (issue.keyword === 'pattern')
    return patternWords.get(String(issue.params.pattern)) ?? issue.message ?? 'is invalid';
  if (issue.keyword === 'const') return `must be ${JSON.stringify(issue.params.allowedValue)}`;
  return issue.message ?? 'is invalid';
}

export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
  code: ErrorCode;
  request_id: string;
  errors?: readonly FieldError[];
}

interface ProblemRequest {
  url: string;
  id: string;
  server?: { publicPath: string };
}

export function problemBody(error: AppError, request: ProblemRequest): ProblemBody {
  return {
    type: `${request.server?.publicPath ?? ''}/docs/errors#${error.code}`,
    title: titleOf(error.code),
    status: errorCodes[error.code],
    detail: error.message,
    instance: request.url.split('?')[0] ?? '/',
    code: error.code,
    request_id: request.id,
    ...(error.errors.length === 0 ? {} : { errors: error.errors }),
  };
}

export function sendProblem(
  reply: FastifyReply,
  request: FastifyRequest,
  error: unknown,
  log: Logger,
): FastifyReply {
  const appError = toAppError(error);
  const status = errorCodes[appError.code];
  if (status >= 500)
    log.error(
      { err: appError.cause ?? appError, request_id: request.id, path: request.routeOptions.url },
      appError.message,
    );
  // A value that passed every schema but that the database refused may be our mistake.
  else if (appError.code === 'validation_failed' && sqlStateOf(appError.cause) !== undefined)
    log.warn(
      { err: appError.cause, request_id: request.id, path: request.routeOptions.url },
      'the database refused a value of a request',
    );
  if (appError.retryAfterSeconds !== undefined)
    reply.header('retry-after', String(Math.ceil(appError.retryAfterSeconds)));
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="watchkeeper"');
  return reply
    .code(status)
    .type(problemContentType)
    .send(JSON.stringify(problemBody(appError, request)));
}
