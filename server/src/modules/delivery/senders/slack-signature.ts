import { createHmac, timingSafeEqual } from 'node:crypto';
import type { InboundRequest, Verdict } from '../inbound/inbound.ts';

/** As Slack asks for: an older request is a copy. We refuse one from the future as well. */
const ageSecondsMax = 300;

/** Slack's `X-Slack-Signature`, version v0, over the time and the raw body. */
export function verifySlack(secret: string, { headers, body }: InboundRequest, nowMs: number): Verdict {
  const timestamp = one(headers['x-slack-request-timestamp']);
  const signature = one(headers['x-slack-signature']);
  if (!/^\d{1,12}$/.test(timestamp)) return refused('The request has no time.');
  if (Math.abs(nowMs / 1000 - Number(timestamp)) > ageSecondsMax)
    return refused(`The time of the request differs from ours by more than ${ageSecondsMax} s.`);
  const expected = signSlack(secret, timestamp, body);
  // Headers are latin1: a byte for each character, so equal lengths are equal sizes.
  const [given, own] = [Buffer.from(signature, 'latin1'), Buffer.from(expected, 'latin1')];
  const isEqual = given.length === own.length && timingSafeEqual(given, own);
  return isEqual
    ? { genuine: true, mark: expected }
    : refused('The signature does not fit the signing secret of the channel.');
}

/** `timestamp`: seconds since the epoch, as text. */
export function signSlack(secret: string, timestamp: string, body: Buffer): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex')}`;
}

function one(header: string | string[] | undefined): string {
  return typeof header === 'string' ? header : '';
}

function refused(reason: string): Verdict {
  return { genuine: false, reason };
}
