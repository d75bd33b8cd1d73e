import { describe, expect, it } from 'vitest';
import { signSlack, verifySlack } from './slack-signature.ts';

/** The example of Slack's own documentation. */
const secret = '8f742231b10e8888abcd99yyyzzz85a5';
const timestamp = '1531420618';
const body = Buffer.from(
  'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
);
const signature = 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503';
const headers = { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signature };
const at = Number(timestamp) * 1000;

it("signs as Slack's own example", () => {
  expect(signSlack(secret, timestamp, body)).toBe(signature);
  expect(verifySlack(secret, { headers, body }, at)).toEqual({ genuine: true, mark: signature });
});

describe('a request is genuine', () => {
  it.each([
    [-301, false],
    [-300, true],
    [300, true],
    [301, false],
  ])('%i s away from our clock: %s', (seconds, genuine) => {
    expect(verifySlack(secret, { headers, body }, at + seconds * 1000).genuine).toBe(genuine);
  });

  it.each([
    ['another secret', { secret: `${secret}x` }],
    ['one more byte', { body: Buffer.concat([body, Buffer.from('&')]) }],
    ['another time', { headers: { ...headers, 'x-slack-request-timestamp': '1531420619' } }],
    ['no version', { headers: { ...headers, 'x-slack-signature': signature.slice(3) } }],
    ['two signatures', { headers: { ...headers, 'x-slack-signature': `${signature}, ${signature}` } }],
  ])('never with %s', (_what, over) => {
    const asked = { secret, headers, body, ...over };
    expect(verifySlack(asked.secret, asked, at).genuine).toBe(false);
  });
});
