import { describe, expect, it } from 'vitest';
import type { LockedIncident } from '../transition.ts';
import { type Given, type Happened, type IncidentFacts, settle } from './settle.ts';

const at = (minutes: number) => new Date(Date.UTC(2026, 2, 1, 12, minutes));
const ada = { kind: 'user', id: 'ada', name: 'Ada' } as const;
const engine = { kind: 'system', id: 'detection', name: 'Watchkeeper' } as const;

function incident(more: Partial<LockedIncident> = {}): LockedIncident {
  return {
    id: 'i',
    organization_id: 'o',
    number: 1,
    opened_at: at(0),
    group_key: 'type:x',
    is_current: true,
    title: 'A is down',
    severity: 'high',
    status: 'open',
    priority: 'P3',
    priority_inputs: [],
    priority_by: null,
    priority_reason: null,
    verdict: null,
    site_id: null,
    last_joined_at: at(0),
    acknowledged_at: null,
    acknowledged_by: null,
    assigned_to: null,
    assigned_name: null,
    snoozed_until: null,
    resolved_at: null,
    resolved_by: null,
    resolved_reason: null,
    action_taken: null,
    turned_at: at(0),
    flapping_since: null,
    muted_by: null,
    muted_reason: null,
    counts: {},
    merged_into: null,
    note: '',
    ...more,
  };
}

function facts(more: Partial<IncidentFacts> = {}): IncidentFacts {
  return {
    alerts: 1,
    members: 1,
    open: 1,
    acknowledged: 0,
    muted: 0,
    recovered: 0,
    devices: 1,
    areas: 0,
    sites: 0,
    areaNames: [],
    severity: 'high',
    severityOfAll: 'high',
    mutedBy: null,
    mutedReason: null,
    siteId: null,
    title: 'A is down',
    lastOpenedAt: at(0),
    endedAt: null,
    endedReason: null,
    actionTaken: null,
    ...more,
  };
}

const over = (more: Partial<IncidentFacts> = {}) =>
  facts({ open: 0, recovered: 1, severity: null, endedAt: at(5), endedReason: 'Heard again.', ...more });

const given = (more: Partial<Given> = {}): Given => ({
  settings: {
    group_by: 'site',
    group_wait_seconds: 3,
    group_window_seconds: 300,
    reopen_window_seconds: 900,
    hold_down_seconds: 120,
    flapping: { changes: 3, within_seconds: 3600 },
  },
  turns: 1,
  now: at(5),
  ...more,
});

const happened = (more: Partial<Happened> = {}): Happened => ({
  joined: [],
  recovered: new Map(),
  rows: [],
  ...more,
});
const row = (kind: Happened['rows'][number]['kind'], actor: Happened['rows'][number]['actor'] = ada) => ({
  rows: [{ kind, actor }],
});
const acked = { status: 'acknowledged', acknowledged_at: at(1), acknowledged_by: 'Ada' } as const;
const gone = { status: 'resolved', resolved_at: at(2), resolved_by: 'Watchkeeper' } as const;
const back = { joined: [{ id: 'b', title: 'A is down', how: 'recurrence' as const }] };

describe('settle', () => {
  it.each<[string, LockedIncident, IncidentFacts, Happened, Given, { kinds: string[]; set?: object }]>([
    [
      'an alert that joined is counted',
      incident(),
      facts({ alerts: 2, members: 2, open: 2 }),
      happened({ joined: [{ id: 'b', title: 'B is down', how: 'window' }] }),
      given(),
      { kinds: ['joined'], set: { title: 'A is down and 1 more' } },
    ],
    [
      'a title that a person gave stays',
      incident({ title: 'Ours', counts: { title: 'A is down' } }),
      facts({ alerts: 2 }),
      happened(),
      given(),
      { kinds: [], set: { title: 'Ours' } },
    ],
    [
      'a worse alert makes it worse',
      incident(),
      facts({ severity: 'critical', severityOfAll: 'critical' }),
      happened(),
      given(),
      { kinds: ['worsened'], set: { severity: 'critical' } },
    ],
    [
      'a lighter rest leaves it as bad as it was',
      incident(),
      facts({ severity: 'low' }),
      happened(),
      given(),
      { kinds: [], set: { severity: 'high' } },
    ],
    [
      'it is muted when every open alert is',
      incident(),
      facts({ open: 0, muted: 1, severity: null, mutedBy: 'maintenance' }),
      happened(),
      given(),
      { kinds: ['muted'], set: { muted_by: 'maintenance' } },
    ],
    [
      'and loud when one is not',
      incident({ muted_by: 'maintenance' }),
      facts(),
      happened(),
      given(),
      { kinds: ['unmuted'], set: { muted_by: null } },
    ],
    [
      'it is in hand when the last open alert is',
      incident(),
      facts({ acknowledged: 1 }),
      happened(row('acknowledged')),
      given(),
      { kinds: ['acknowledged'], set: { acknowledged_by: 'Ada' } },
    ],
    [
      'but not before',
      incident(),
      facts({ open: 2, acknowledged: 1 }),
      happened(row('acknowledged')),
      given(),
      { kinds: [], set: { status: 'open' } },
    ],
    [
      'a late alert leaves it in hand',
      incident(acked),
      facts({ open: 2, acknowledged: 1 }),
      happened(),
      given(),
      { kinds: [], set: { status: 'acknowledged' } },
    ],
    [
      'it is taken back with the last',
      incident(acked),
      facts(),
      happened(row('unacknowledged')),
      given(),
      { kinds: ['unacknowledged'], set: { status: 'open' } },
    ],
    [
      'part of it recovers',
      incident(),
      facts({ alerts: 2, recovered: 1 }),
      happened({ recovered: new Map([['b', 'B']]) }),
      given(),
      { kinds: ['recovered'] },
    ],
    [
      'all of it recovers',
      incident(),
      over(),
      happened(row('resolved', engine)),
      given(),
      { kinds: ['resolved'], set: { resolved_at: at(5), resolved_reason: 'Heard again.' } },
    ],
    [
      'it comes back',
      incident({ ...gone, acknowledged_at: at(1) }),
      facts({ members: 2 }),
      happened(back),
      given({ now: at(6) }),
      { kinds: ['joined', 'reopened'], set: { status: 'open', resolved_at: null, acknowledged_at: null } },
    ],
    [
      'a person takes the end back, and has it in hand as before',
      incident({ ...gone, acknowledged_at: at(1) }),
      facts({ acknowledged: 1 }),
      happened(row('reopened')),
      given(),
      { kinds: ['reopened'], set: { status: 'acknowledged' } },
    ],
    [
      'too many changes are flapping',
      incident(gone),
      facts({ members: 2 }),
      happened(back),
      given({ turns: 2 }),
      { kinds: ['joined', 'reopened', 'flapping'], set: { status: 'open', flapping_since: at(5) } },
    ],
    [
      'an end that is one too many does not end it',
      incident(),
      over(),
      happened({ recovered: new Map([['a', 'A']]) }),
      given({ turns: 2 }),
      { kinds: ['flapping'], set: { status: 'open', flapping_since: at(5) } },
    ],
    [
      'while it flaps, an end only puts the quiet off',
      incident({ flapping_since: at(1) }),
      over(),
      happened({ recovered: new Map([['a', 'A']]) }),
      given(),
      { kinds: ['recovered'], set: { status: 'open', turned_at: at(5) } },
    ],
    [
      'what was merged stays over',
      incident({ ...gone, merged_into: 'other' }),
      facts(),
      happened(),
      given(),
      { kinds: [], set: { status: 'resolved' } },
    ],
  ])('%s', (_title, before, own, seen, rest, expected) => {
    const change = settle(before, own, seen, rest);
    expect(change?.entries.map(({ kind }) => kind)).toEqual(expected.kinds);
    expect(change?.set).toMatchObject(expected.set ?? {});
  });

  it('the end of a short incident waits until it has held, that of a long one or by hand does not', () => {
    const wait = (more: Partial<LockedIncident>, seen = happened(row('resolved', engine))) =>
      settle(incident(more), over(), seen, given())?.entries[0]?.waitSeconds;
    expect([wait({}), wait({ turned_at: at(-10) }), wait({}, happened(row('resolved')))]).toEqual([
      120, 0, 0,
    ]);
  });

  it('what is as it should be does not change', () => {
    const change = settle(incident(), facts(), happened(), given());
    expect(settle({ ...incident(), ...change?.set }, facts(), happened(), given())).toBeUndefined();
  });
});
