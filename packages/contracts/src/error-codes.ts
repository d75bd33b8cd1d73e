/** Every `code` a problem+json answer can carry, with its HTTP status. */
export const errorCodes = {
  bad_request: 400,
  malformed_json: 400,
  validation_failed: 400,
  unknown_field: 400,
  unauthenticated: 401,
  forbidden: 403,
  csrf_rejected: 403,
  not_found: 404,
  method_not_allowed: 405,
  not_acceptable: 406,
  conflict: 409,
  already_exists: 409,
  device_mismatch: 409,
  idempotency_in_progress: 409,
  device_retired: 410,
  precondition_failed: 412,
  payload_too_large: 413,
  unsupported_media_type: 415,
  idempotency_mismatch: 422,
  rate_limited: 429,
  headers_too_large: 431,
  internal: 500,
  database_unavailable: 503,
  storage_full: 503,
  overloaded: 503,
  shutting_down: 503,
} as const;

export type ErrorCode = keyof typeof errorCodes;

/**
 * The meaning of each code and what the caller should do: the table of docs/errors.md and the page
 * /docs/errors.
 */
export const errorMeanings: Readonly<Record<ErrorCode, string>> = {
  bad_request: 'The request cannot be read: check the URL and the headers.',
  malformed_json: 'The body is not JSON, or is empty.',
  validation_failed: 'A field is missing or has an invalid value; `errors[]` names it.',
  unknown_field: 'A field does not exist here, perhaps a typing mistake; `errors[]` names it.',
  unauthenticated: 'The credential is missing, wrong or expired.',
  forbidden: 'The credential is valid, but its permissions are not enough.',
  csrf_rejected: 'A cookie-authenticated write came from another site.',
  not_found: 'It does not exist, or it belongs to an organization you may not see.',
  method_not_allowed: 'The path exists, but only for other methods.',
  not_acceptable: 'None of the formats in `Accept` is offered.',
  conflict: 'The present state does not allow this; the detail says what to do first.',
  already_exists: 'Another item has this slug or name already.',
  device_mismatch: 'The token does not belong to the named device.',
  idempotency_in_progress: 'The first request with this key still runs: retry shortly.',
  device_retired: 'The device was retired: bring it back first, or stop sending.',
  precondition_failed: 'Somebody changed it since you read it: read again.',
  payload_too_large: "The body is over the route's limit: send less at once.",
  unsupported_media_type: 'Send `application/json`.',
  idempotency_mismatch: 'The key was used for a different request: use a new one.',
  rate_limited: 'Too many requests: wait as `Retry-After` says.',
  headers_too_large: 'The headers are over 16 KiB.',
  internal: 'Our fault. Report it with the `request_id`.',
  database_unavailable:
    'The database does not answer. Nothing of this request was stored; retry as `Retry-After` says.',
  storage_full:
    'The disk of the database is full: nothing new is stored until there is space. Retry as `Retry-After` says; the operator finds it in `/health`.',
  overloaded: 'More work than the queue holds: retry as `Retry-After` says.',
  shutting_down: 'This process is stopping: retry, and another one answers.',
};
