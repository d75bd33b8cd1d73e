import { afterEach, beforeEach, expect, it } from 'vitest';
import { sampleFacts, sampleMessage } from '../../notifications/alerts/messages.fixture.ts';
import { type Receiver, startReceiver } from '../receiver.fixture.ts';
import { publicUrl, testDeps } from '../senders/senders.fixture.ts';
import { gotify } from './gotify.ts';

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver[Symbol.asyncDispose]());

async function send(message: Parameters<typeof gotify.send>[1], path = '') {
  await using deps = testDeps();
  const server = `${new URL(receiver.url).origin}${path}`;
  const outcome = await gotify.send({ server_url: server, app_token: 'AFixtureToken.1' }, message, deps);
  const request = receiver.received.at(-1);
  return { outcome, request, body: JSON.parse(request?.body ?? 'null') };
}

it('posts plain text with a priority and a link on a touch', async () => {
  const { outcome, request, body } = await send(sampleMessage([sampleFacts()]));
  expect(outcome).toMatchObject({ outcome: 'sent' });
  expect(request).toMatchObject({ path: '/message', headers: { 'x-gotify-key': 'AFixtureToken.1' } });
  const url = `${publicUrl}/alerts/${sampleFacts().alert_id}`;
  expect(body).toEqual({
    title: 'Bay 3 PC is offline',
    message: expect.stringMatching(new RegExp(`^Where: Dartmouth[^]*\\n${url}$`)),
    priority: 8,
    extras: { 'client::display': { contentType: 'text/plain' }, 'client::notification': { click: { url } } },
  });
});

it('works behind a path, with or without a slash at its end', async () => {
  expect((await send(sampleMessage([sampleFacts()]), '/push/')).request?.path).toBe('/push/message');
});
