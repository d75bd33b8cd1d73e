import { afterEach, beforeEach, expect, it } from 'vitest';
import { sampleFacts, sampleMessage } from '../../notifications/alerts/messages.fixture.ts';
import { type Receiver, startReceiver } from '../receiver.fixture.ts';
import { testDeps } from '../senders/senders.fixture.ts';
import { quo } from './quo.ts';

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver[Symbol.asyncDispose]());

const to = '+15005550006';
const key = 'loopback-key-of-quo';

async function send(generation: 'v1' | 'dated' = 'v1') {
  await using deps = testDeps();
  const api_url = new URL(receiver.url).origin;
  const config = { api_key: key, from: '+15005550001', to: [to], generation, api_url };
  const outcome = await quo.send(config, sampleMessage([sampleFacts()], { recipient: to }), deps);
  const request = receiver.received.at(-1);
  return { outcome, request, body: JSON.parse(request?.body ?? 'null') };
}

it('sends by the classic generation, with the bare key', async () => {
  receiver.answer = {
    status: 202,
    body: JSON.stringify({ data: { id: 'AC1', text: 'x', status: 'queued' } }),
  };
  const { outcome, request, body } = await send();
  expect(outcome).toEqual({ outcome: 'sent', status: 202, detail: 'HTTP 202' });
  expect(request).toMatchObject({ path: '/v1/messages', headers: { authorization: key } });
  expect(body).toEqual({
    content: expect.stringMatching(/^Northern Golf: Bay 3 PC is offline\n/),
    from: '+15005550001',
    to: [to],
    setInboxStatus: 'done',
  });
});

it('sends by the dated generation, with its version', async () => {
  const { request, body } = await send('dated');
  expect(request).toMatchObject({
    path: '/messages',
    headers: { authorization: key, 'quo-api-version': '2026-03-30' },
  });
  expect(body).toEqual({
    text: expect.stringMatching(/^Northern Golf: Bay 3 PC is offline\n/),
    from: '+15005550001',
    to: [to],
    setInboxStatus: 'done',
  });
});

it.each([
  [400, '0206400', 'A2P registration', 'The sender is not registered with the carriers'],
  [401, '0201401', 'Unauthorized', 'Quo does not accept the API key.'],
  [402, '0207402', 'Not enough credits', 'Quo has no credit left for text messages.'],
  [400, '0200400', 'Bad Request', 'The receiver refused the message (400).'],
])('%i with code %s is final, with a reason', async (status, code, message, reason) => {
  receiver.answer = { status, body: JSON.stringify({ message, code, status, docs: '', title: '' }) };
  expect((await send()).outcome).toMatchObject({
    outcome: 'permanent',
    status,
    reason: expect.stringContaining(reason),
    detail: `${code}: ${message}`,
  });
});
