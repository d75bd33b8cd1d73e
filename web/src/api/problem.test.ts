import { describe, expect, test } from 'vitest';
import { type ApiError, answered, fieldMessages, messageOf, toApiError } from './problem';

function problem(status: number, body: unknown, headers: Record<string, string> = {}): ApiError {
  return toApiError(new Response(null, { status, headers }), body);
}

describe('the message of a failed call', () => {
  test('is the server’s own sentence when the caller can act on it', () => {
    const error = problem(409, { code: 'already_exists', detail: 'A site with the slug "a" exists.' });
    expect(messageOf(error)).toBe('A site with the slug "a" exists.');
    expect(error.code).toBe('already_exists');
  });

  test('names the request when the fault is the server’s, and never shows the server’s text', () => {
    const error = problem(500, {
      code: 'internal',
      detail: 'relation "x" does not exist',
      request_id: 'r-1',
    });
    expect(messageOf(error)).toBe('Something unexpected happened on the server. Reference r-1');
  });

  test('says that the disk is full, because waiting does not help', () => {
    expect(messageOf(problem(503, { code: 'storage_full' }))).toContain('disk of the database is full');
    expect(messageOf(problem(503, { code: 'overloaded' }))).not.toContain('disk');
  });

  test('says how long to wait', () => {
    expect(messageOf(problem(429, {}, { 'retry-after': '30' }))).toContain('30 s');
  });

  test('understands the session library’s errors and empty bodies', () => {
    expect(messageOf(problem(400, { code: 'INVALID_EMAIL', message: 'Invalid email' }))).toBe(
      'Invalid email',
    );
    expect(messageOf(problem(418, undefined))).toBe('Something unexpected happened on the server.');
  });
});

describe('a call', () => {
  test('without an answer is a network problem', async () => {
    await expect(answered(Promise.reject(new TypeError('fetch failed')))).rejects.toMatchObject({
      status: 0,
      code: 'network',
    });
  });

  test('stays a cancellation when it was cancelled', async () => {
    const aborted = new DOMException('aborted', 'AbortError');
    await expect(answered(Promise.reject(aborted))).rejects.toBe(aborted);
  });

  test('returns its data', async () => {
    await expect(answered(Promise.resolve({ data: 7, response: new Response() }))).resolves.toBe(7);
  });
});

test('field errors are found by the name of the form field', () => {
  const error = problem(400, {
    code: 'validation_failed',
    detail: 'x',
    errors: [
      { field: '/timezone', message: 'unknown' },
      { field: 'body/opening_hours/monday', message: 'overlaps' },
      { field: 'slug', message: 'taken' },
      { field: 'slug', message: 'second' },
    ],
  });
  expect(fieldMessages(error)).toEqual({ timezone: 'unknown', opening_hours: 'overlaps', slug: 'taken' });
});
