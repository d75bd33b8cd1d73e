import type { FieldErrorSchema } from '@watchkeeper/contracts';
import type { Static } from 'typebox';
import { t } from '../messages';

export type FieldError = Static<typeof FieldErrorSchema>;

/** What went wrong with a call, in one shape: an answered problem document, or no answer at all. */
export class ApiError extends Error {
  /** 0 when there was no answer. */
  readonly status: number;
  readonly code: string;
  readonly requestId: string | undefined;
  readonly fields: readonly FieldError[];
  readonly retryAfterSeconds: number | undefined;

  constructor(
    status: number,
    code: string,
    detail: string,
    more: { requestId?: string; fields?: readonly FieldError[]; retryAfterSeconds?: number } = {},
  ) {
    super(detail);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.requestId = more.requestId;
    this.fields = more.fields ?? [];
    this.retryAfterSeconds = more.retryAfterSeconds;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function fieldsOf(value: unknown): FieldError[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isRecord).map((item) => ({
    field: textOf(item.field) ?? '',
    message: textOf(item.message) ?? '',
  }));
}

/** Accepts problem+json, the session library's `{ code, message }`, and bodies that are neither. */
export function toApiError(response: Response, body: unknown): ApiError {
  const problem = isRecord(body) ? body : {};
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  const requestId = textOf(problem.request_id) ?? response.headers.get('x-request-id') ?? undefined;
  return new ApiError(
    response.status,
    textOf(problem.code) ?? `http_${response.status}`,
    textOf(problem.detail) ?? textOf(problem.message) ?? '',
    {
      fields: fieldsOf(problem.errors),
      ...(requestId === undefined ? {} : { requestId }),
      ...(Number.isNaN(retryAfter) ? {} : { retryAfterSeconds: retryAfter }),
    },
  );
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The data of a call. @throws ApiError */
export async function answered<T>(call: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await call;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiError(0, 'network', '');
  }
  if (!answer.response.ok) throw toApiError(answer.response, answer.error);
  return asData(answer.data);
}

/** Safe because openapi-fetch leaves `data` out only for failed answers and for answers without a body. */
function asData<T>(data: T | undefined): T {
  return data as T;
}

/** One sentence for a person: ours where the code has one, the server's own otherwise. */
export function messageOf(error: unknown): string {
  if (!(error instanceof ApiError)) return t.problem.unexpected;
  if (error.code === 'storage_full') return t.problem.storageFull;
  switch (error.status) {
    case 0:
      return t.problem.network;
    case 401:
      return t.problem.unauthenticated;
    case 403:
      return t.problem.forbidden;
    case 404:
      return t.problem.notFound;
    case 412:
      return t.problem.changed;
    case 429:
      return t.problem.rateLimited(error.retryAfterSeconds);
    case 502:
    case 503:
    case 504:
      return t.problem.unavailable;
    default:
      if (error.status >= 500 || error.message === '') return withReference(t.problem.unexpected, error);
      return error.message;
  }
}

function withReference(message: string, error: ApiError): string {
  return error.requestId === undefined ? message : `${message} ${t.problem.reference(error.requestId)}`;
}

/** Messages by form field. Pointers such as `/opening_hours/monday` count for their first part. */
export function fieldMessages(error: unknown): Record<string, string> {
  const messages: Record<string, string> = {};
  if (!(error instanceof ApiError)) return messages;
  for (const { field, message } of error.fields) {
    const name = field.replace(/^(body)?[/.]/, '').split(/[/.]/, 1)[0] ?? '';
    if (name !== '') messages[name] ??= message;
  }
  return messages;
}

export function isUnauthenticated(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}

export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}
