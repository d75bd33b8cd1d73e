import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApp, testApp } from '../support/app.ts';
import { httpReceiver } from '../support/receivers.ts';

let house: TestApp;
beforeAll(async () => {
  // The default of a real install: no private address is allowed.
  house = await testApp({ env: { OUTBOUND_ALLOW: '' } });
});
afterAll(() => house.close());

test.each([
  'http://127.0.0.1/hook',
  'http://127.1/hook',
  'http://0.0.0.0/hook',
  'http://10.1.2.3/hook',
  'http://172.16.0.9/hook',
  'http://192.168.1.1/hook',
  'http://100.64.0.1/hook',
  'http://169.254.169.254/latest/meta-data/',
  'http://[::1]/hook',
  'http://[fe80::1]/hook',
  'http://[fc00::1]/hook',
  'http://[::ffff:127.0.0.1]/hook',
  'http://[::ffff:7f00:1]/hook',
  'http://[64:ff9b::7f00:1]/hook',
  'http://[2002:7f00:1::]/hook',
  'http://2130706433/hook',
  'http://0x7f000001/hook',
  'http://0177.0.0.1/hook',
  'http://localhost/hook',
  'http://localhost./hook',
  'http://metadata.google.internal/computeMetadata/v1/',
  'http://printer.local/hook',
  'http://user:pass@example.com/hook',
  'ftp://example.com/hook',
  'file:///etc/passwd',
])('a webhook to %s is refused when it is saved', async (url) => {
  for (const channel of [
    { kind: 'webhook', name: 'x', config: { url } },
    { kind: 'slack', name: 'x', config: { webhook_url: url } },
  ]) {
    const answer = await house.call('POST', '/api/v1/default/channels', { body: channel });
    expect(answer.status, JSON.stringify(answer.body)).toBe(400);
    expect(answer.body.code).toBe('validation_failed');
  }
});

test('a receiver that redirects to a private address is not followed', async () => {
  await using target = await httpReceiver();
  await using front = await httpReceiver();
  front.answer = { status: 302, body: '', headers: { location: `${target.url}/inside` } };
  // Only the address of `front` is allowed; the redirect leads back to loopback by another name.
  const open = await testApp({ env: { OUTBOUND_ALLOW: '127.0.0.1/32' } });
  front.answer = {
    status: 302,
    body: '',
    headers: { location: `http://127.0.0.2:${new URL(target.url).port}/inside` },
  };
  const channel = await open.call('POST', '/api/v1/default/channels', {
    body: { kind: 'webhook', name: 'x', config: { url: `${front.url}/hook` } },
  });
  expect(channel.status).toBe(201);
  const tested = await open.call('POST', `/api/v1/default/channels/${channel.body.id}/test`);
  expect(tested.body.outcome).not.toBe('sent');
  expect(target.received).toEqual([]);
  await open.close();
});
