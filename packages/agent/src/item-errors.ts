/** A field of the server's answer; undefined when it has no such field. */
export function field(body: unknown, name: string): unknown {
  // Safe because any property of an object may be read.
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : undefined;
}

/** Fields that the server ignored in accepted heartbeats, each message once. */
export function warningsIn(body: unknown): string[] {
  const results = field(body, 'results');
  const holders = Array.isArray(results) ? results : [body];
  const lines = holders.flatMap((holder) => {
    const warnings = field(holder, 'warnings');
    return Array.isArray(warnings) ? warnings.map(String) : [];
  });
  return [...new Set(lines)];
}

/** Items of a list that the server refused. */
export function itemErrors(body: unknown): { code: string; message: string }[] {
  const results = field(body, 'results');
  if (!Array.isArray(results)) return [];
  return results.flatMap((result) => {
    const error = field(result, 'error');
    if (error === undefined) return [];
    return [{ code: String(field(error, 'code')), message: String(field(error, 'message')) }];
  });
}
