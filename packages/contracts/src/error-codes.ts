/** Every `code` a problem+json answer can carry, with its HTTP status. docs/errors.md lists the same. */
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
  precondition_failed: 412,
  payload_too_large: 413,
  unsupported_media_type: 415,
  idempotency_mismatch: 422,
  rate_limited: 429,
  headers_too_large: 431,
  internal: 500,
  database_unavailable: 503,
  overloaded: 503,
  shutting_down: 503,
} as const;

export type ErrorCode = keyof typeof errorCodes;
