import { expect, test } from 'vitest';
import { anAlert } from '../alerting/fixtures';
import { weigh } from '../alerting/weight';
import { siteSentence } from './site-sentence';

const nothing = weigh([]);
const online = { status: 'online' } as const;

test.each([
  ['what needs somebody', [online], weigh([anAlert()]), 'Halifax. One thing needs you here.'],
  [
    'what is in hand',
    [online],
    weigh([anAlert({ status: 'acknowledged' })]),
    'Halifax. Nothing new. One thing is being handled.',
  ],
  ['trouble without an alert', [online, { status: 'degraded' }], nothing, 'Halifax. One device is not fine.'],
  [
    'what is not known',
    [online, { status: 'unknown' }],
    nothing,
    'Halifax. One device is unknown right now.',
  ],
  [
    'that nothing was heard yet',
    [{ status: 'unknown' }],
    nothing,
    'Halifax. No device has sent a heartbeat yet.',
  ],
  ['that all is fine', [online, online], nothing, 'Halifax. All fine.'],
  ['no more than it knows', undefined, nothing, 'Halifax'],
] as const)('a site says %s', (_, devices, alerts, sentence) => {
  expect(siteSentence('Halifax', devices, alerts)).toBe(sentence);
});
