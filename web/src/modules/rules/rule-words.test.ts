import { expect, test } from 'vitest';
import { fieldsOfSchema } from '../../ui/schema-fields';
import { changesInWords, type Lookups } from './rule-words';

const fields = fieldsOfSchema({
  type: 'object',
  properties: {
    limit_seconds: {
      anyOf: [{ type: 'number' }, { type: 'null' }],
      title: 'Silent for longer than',
      unit: 's',
    },
    share: { type: 'number', title: 'Threshold', unit: '%' },
    source: { anyOf: [{ type: 'string' }, { type: 'null' }], title: 'Source' },
  },
});
const lookups: Lookups = {
  fieldsOf: () => fields,
  kindLabel: (kind) => kind,
  site: (id) => (id === 's1' ? 'Dartmouth' : undefined),
  deviceType: () => undefined,
  channel: (id) => (id === 'c1' ? 'Night shift' : undefined),
};
const before = {
  name: 'Silent',
  kind: 'absence',
  config: { limit_seconds: null, share: 10, source: null },
  severity: 'high',
  enabled: true,
  cooldown: 300,
  site_id: null,
  channels: [],
  grouping: null,
  runbook_url: null,
  escalation_rules: null,
};
const changed = (change: object) =>
  changesInWords(before, { ...before, ...change }, lookups).map(
    ({ label, from, to }) => `${label}: ${from} → ${to}`,
  );

test.each<[object, string[]]>([
  [{}, []],
  [{ severity: 'low', enabled: false }, ['On: yes → no', 'Severity: High → Low']],
  [
    { config: { limit_seconds: 120, share: 10, source: null } },
    ['Silent for longer than: as the server is set → 2 min'],
  ],
  [{ config: { limit_seconds: null, share: 20, source: null } }, ['Threshold: 10 % → 20 %']],
  [{ config: { limit_seconds: null, share: 10, source: 'api' } }, ['Source: all → api']],
  [{ channels: ['c1', 'c2'] }, ['Tells: Every channel → Night shift, deleted']],
  [{ site_id: 's1' }, ['Site: All sites → Dartmouth']],
  [{ site_id: 's2' }, ['Site: All sites → deleted']],
  [{ cooldown: 900 }, ['Cooldown: 5 min → 15 min']],
  [
    { escalation_rules: { escalate_after: 600, escalate_to_channels: ['c1', 'c2'] } },
    ['Escalation: None → after 10 min to Night shift, deleted'],
  ],
])('%j reads as %j', (change, expected) => {
  expect(changed(change)).toEqual(expected);
});
