import { expect, test } from 'vitest';
import { anAlert } from '../alerting/fixtures';
import { weigh } from '../alerting/weight';
import { siteSentence } from './site-sentence';

const nothing = weigh([]);
const online = { status: 'online' } as const;

test.each([
  ['that something needs somebody', [online], weigh([anAlert()]), 'Halifax. One thing needs you here.'],
  [
    'that something is being handled',
    [online],
    weigh([anAlert({ status: 'acknowledged' })]),
    'Halifax. Nothing new. One thing is being handled.',
  ],
  [
    'that a device has a problem without an alert',
    [online, { status: 'degraded' }],
    nothing,
    'Halifax. One device is not fine.',
  ],
  [
    'that a status is unknown',
    [online, { status: 'unknown' }],
    nothing,
    'Halifax. One device is unknown right now.',
  ],
  [
    'that no heartbeat has come yet',
    [{ status: 'unknown' }],
    nothing,
    'Halifax. No device has sent a heartbeat yet.',
  ],
  ['that all is fine', [online, online], nothing, 'Halifax. All fine.'],
  ['only the name before the data is there', undefined, nothing, 'Halifax'],
] as const)('a site says %s', (_, devices, alerts, sentence) => {
  expect(siteSentence('Halifax', devices, alerts)).toBe(sentence);
});
