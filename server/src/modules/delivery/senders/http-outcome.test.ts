import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Receiver, startReceiver } from '../receiver.fixture.ts';
import { detailCharsMax, post, retryAfterSeconds } from './http-outcome.ts';
import { testDeps } from './senders.fixture.ts';

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver[Symbol.asyncDispose]());

async function send(over: Parameters<typeof testDeps>[0] = {}, url = receiver.url) {
  await using deps = testDeps(over);
  return await post({ url, headers: { 'content-type': 'application/json' }, body: '{}' }, deps);
}

describe('the answer of a receiver', () => {
  it.each([200, 201, 202, 204])('%i means that it was delivered', async (status) => {
    receiver.answer = { status };
    expect(await send()).toMatchObject({ outcome: 'sent', status });
  });

  it.each([400, 401, 403, 404, 410, 413, 422])('%i is final: trying again would not help', async (status) => {
    receiver.answer = { status, body: 'no' };
    expect(await send()).toEqual({
      outcome: 'permanent',
      reason: `The receiver refused the message (${status}).`,
      status,
      detail: `HTTP ${status}: no`,
    });
  });

  it.each([408, 425, 429, 500, 502, 503, 504])('%i is tried again', async (status) => {
    receiver.answer = { status };
    expect(await send()).toMatchObject({ outcome: 'retry', status });
  });

  it('is not followed when it redirects', async () => {
    receiver.answer = { status: 307, headers: { location: '/elsewhere' } };
    expect(await send()).toMatchObject({ outcome: 'permanent', status: 307 });
    expect(receiver.received.map((request) => request.path)).toEqual(['/hook']);
  });

  it('may say when to try again', async () => {
    receiver.answer = { status: 429, headers: { 'retry-after': '17' } };
    expect(await send()).toMatchObject({ outcome: 'retry', retryAfterSeconds: 17 });
  });

  it('is kept short and on one line', async () => {
    receiver.answer = { status: 400, body: `first\n\tsecond\u0007${'x'.repeat(5_000)}` };
    const outcome = await send();
    expect(outcome.detail).toMatch(/^HTTP 400: first second x+…$/);
    expect(outcome.detail?.length).toBeLessThan(detailCharsMax + 20);
  });
});

describe('a receiver that cannot be reached', () => {
  it('is tried again, and surely has not got the message, when it refuses the connection', async () => {
    const { url } = receiver;
    await receiver[Symbol.asyncDispose]();
    expect(await send({}, url)).toEqual({
      outcome: 'retry',
      reason: 'The receiver could not be reached (ECONNREFUSED).',
      maybeDelivered: false,
    });
    receiver = await startReceiver();
  });

  it('is tried again, and may have got the message, when it never answers', async () => {
    receiver.answer = null;
    expect(await send({ timeoutMs: 150 })).toEqual({
      outcome: 'retry',
      reason: 'No answer within 0.15 s.',
      maybeDelivered: true,
    });
    expect(receiver.received).toHaveLength(1);
  });

  it('is tried again, and may have got the message, when it closes after the request, or a proxy lost its answer', async () => {
    receiver.answer = 'hang up';
    expect(await send()).toMatchObject({ outcome: 'retry', maybeDelivered: true });
    expect(receiver.received).toHaveLength(1);
    receiver.answer = { status: 504 };
    expect(await send()).toMatchObject({ outcome: 'retry', status: 504, maybeDelivered: true });
  });

  it('is given up at once when the worker stops', async () => {
    receiver.answer = null;
    expect(await send({ signal: AbortSignal.timeout(100) })).toMatchObject({
      outcome: 'retry',
      maybeDelivered: true,
    });
  });

  it('is never called at a private address', async () => {
    const outcome = await send({}, 'http://10.0.0.1/hook');
    expect(outcome).toMatchObject({
      outcome: 'permanent',
      reason: expect.stringContaining('OUTBOUND_ALLOW'),
    });
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-11-20T09:15:00Z');
  it.each([
    ['30', 30],
    ['0', 0],
    ['Fri, 20 Nov 2026 09:16:30 GMT', 90],
    ['Fri, 20 Nov 2026 09:00:00 GMT', 0],
    ['999999', 3600],
    ['soon', undefined],
    [undefined, undefined],
  ])('%s is %s seconds', (header, seconds) => {
    expect(retryAfterSeconds(header, now)).toBe(seconds);
  });
});
