import { afterEach, beforeEach, expect, it } from 'vitest';
import { sampleFacts, sampleMessage } from '../../notifications/alerts/messages.fixture.ts';
import { type Receiver, startReceiver } from '../receiver.fixture.ts';
import { publicUrl, testDeps } from '../senders/senders.fixture.ts';
import { twilio } from './twilio.ts';

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver[Symbol.asyncDispose]());

const to = '+15005550006';
const account = 'AC00000000000000000000000000000000';
const secret = 'loopback-auth-token';

/** As Twilio's reference has it. */
const queued = {
  sid: 'SM00000000000000000000000000000001',
  account_sid: account,
  status: 'queued',
  to,
  body: 'Bay 3 offline',
  num_segments: '1',
  error_code: null,
  error_message: null,
};

async function send(over: object = {}, message = sampleMessage([sampleFacts()], { recipient: to })) {
  await using deps = testDeps();
  const api_url = new URL(receiver.url).origin;
  const config = { account_sid: account, secret, from: '+15005550001', to: [to], api_url, ...over };
  const outcome = await twilio.send(config, message, deps);
  const request = receiver.received.at(-1);
  return { outcome, request, form: Object.fromEntries(new URLSearchParams(request?.body)) };
}

it('sends one short text with the facts and the whole link', async () => {
  receiver.answer = { status: 201, body: JSON.stringify(queued) };
  const { outcome, request, form } = await send();
  expect(outcome).toEqual({ outcome: 'sent', status: 201, detail: 'HTTP 201' });
  expect(request).toMatchObject({
    path: `/2010-04-01/Accounts/${account}/Messages.json`,
    headers: {
      authorization: `Basic ${Buffer.from(`${account}:${secret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
  });
  expect(form).toEqual({
    To: to,
    From: '+15005550001',
    Body: [
      'Northern Golf: Bay 3 PC is offline',
      'Where: Dartmouth, Bay 3, Bay 3 PC',
      'Since: 20 Nov, 05:15:00 GMT-4',
      'Why: No heartbeat for 2 min 5 s; the limit is 2 min.',
      'Severity: high',
      `${publicUrl}/alerts/${sampleFacts().alert_id}`,
    ].join('\n'),
  });
});

it('logs in with an API key, and sends through a messaging service', async () => {
  const key_sid = 'SK00000000000000000000000000000000';
  const from = 'MG00000000000000000000000000000000';
  const { request, form } = await send({ key_sid, from });
  expect(request?.headers.authorization).toBe(
    `Basic ${Buffer.from(`${key_sid}:${secret}`).toString('base64')}`,
  );
  expect(form).toMatchObject({ MessagingServiceSid: from });
  expect(form).not.toHaveProperty('From');
});

it('stays within three segments, with the whole link at the end', async () => {
  const message = sampleMessage([sampleFacts({ title: '“Bay” – '.repeat(100) })], { recipient: to });
  const { form } = await send({}, message);
  expect(form.Body?.length).toBeLessThanOrEqual(459);
  expect(form.Body?.endsWith(`\n${message.url}`)).toBe(true);
  expect(form.Body).not.toMatch(/[“”–…]/);
});

it.each([
  [400, 21211, "Invalid 'To' Phone Number", 'Twilio says that this is not a telephone number.'],
  [400, 21610, 'Attempt to send to unsubscribed recipient', 'The person has answered STOP'],
  [401, 20003, 'Authenticate', 'Twilio does not accept the account and the token.'],
  [400, 99999, 'Something new', 'The receiver refused the message (400).'],
])('%i with code %i is final, with a reason', async (status, code, message, reason) => {
  receiver.answer = { status, body: JSON.stringify({ code, message, more_info: '', status }) };
  expect((await send()).outcome).toMatchObject({
    outcome: 'permanent',
    status,
    reason: expect.stringContaining(reason),
    detail: `${code}: ${message}`,
  });
});

it('too many requests are tried again', async () => {
  receiver.answer = { status: 429, body: JSON.stringify({ code: 20429, message: 'Too Many Requests' }) };
  expect((await send()).outcome).toMatchObject({ outcome: 'retry', status: 429 });
});

it('tells each number once', () => {
  const config = { account_sid: account, secret, from: '+15005550001', api_url: 'https://api.twilio.com' };
  expect(twilio.recipients({ ...config, to: [to, to, '+15005550007'] })).toEqual([
    { label: to, identity: to },
    { label: '+15005550007', identity: '+15005550007' },
  ]);
});
