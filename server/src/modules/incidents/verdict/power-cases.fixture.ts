import {
  activity,
  all,
  at,
  back,
  bays,
  type Case,
  check,
  closed,
  device,
  healthy,
  lost,
  never,
  stale,
} from './judge.fixture.ts';

export const ofPower: readonly Case[] = [
  [
    'all of 14 devices within half a minute',
    { devices: all(14) },
    {
      kind: 'potential_power_loss',
      confidence: [0.9, 0.95],
      says: ['All 14 devices', 'between 14:00:00 and 14:00:26'],
    },
  ],
  [
    'both devices of a two-device site: weaker',
    { devices: all(2) },
    { kind: 'potential_power_loss', confidence: [0.5, 0.65] },
  ],
  ['three devices', { devices: all(3) }, { kind: 'potential_power_loss', confidence: [0.65, 0.8] }],
  [
    'all at the same second',
    { devices: all(5, 0) },
    { kind: 'potential_power_loss', says: ['silent at 14:00:00.'] },
  ],
  ['spread over exactly two minutes', { devices: all(3, 60) }, { kind: 'potential_power_loss' }],
  ['spread over more than two minutes, and nothing else is known', { devices: all(3, 61) }, { kind: null }],
  ['the only device of a site', { devices: all(1) }, { kind: null }],
  [
    'names what is affected',
    { devices: all(2) },
    { kind: 'potential_power_loss', systems: ['bay_1_pc', 'bay_2_pc'] },
  ],
  [
    'half without agent, and never seen: known by half',
    { devices: [...all(7), ...bays(7, never, 8)] },
    {
      kind: 'potential_power_loss',
      confidence: [0.6, 0.75],
      doubts: ['7 devices never reported', '7 of 14 devices'],
    },
  ],
  [
    'half without agent, but checked by us and down as well',
    {
      devices: [
        ...all(7),
        ...bays(7, (slug) => lost(slug, 40, { hasAgent: false, status: 'unresponsive' }), 8),
      ],
    },
    { kind: 'potential_power_loss', confidence: [0.9, 0.95] },
  ],
  [
    'devices that never reported do not count',
    { devices: [...all(13), never('spare_pc')] },
    { kind: 'potential_power_loss', confidence: [0.8, 0.95], doubts: ['1 device never reported'] },
  ],
  ['only devices that never reported', { devices: bays(5, never) }, { kind: null }],
  [
    'one device, and others that never reported',
    { devices: [...all(1), never('a'), never('b')] },
    { kind: null },
  ],
  [
    'closed: somebody may have switched off',
    { devices: all(14), site: closed(at(-600)) },
    { kind: 'potential_power_loss', confidence: [0.5, 0.6], doubts: ['closed since 13:50:00'] },
  ],
  [
    'closed, nobody knows since when',
    { devices: all(14), site: closed(null) },
    { kind: 'potential_power_loss', doubts: ['The site is closed:'] },
  ],
  [
    'no opening hours are known: no doubt from them',
    { devices: all(14), site: { name: 'X', timezone: 'UTC', hours: null } },
    { kind: 'potential_power_loss', confidence: [0.9, 0.95] },
  ],
  [
    'a part is under maintenance',
    { devices: [...all(9), ...bays(5, (slug) => lost(slug, 5, { underMaintenance: true }), 10)] },
    { kind: 'potential_power_loss', confidence: [0.6, 0.7], doubts: ['5 devices under maintenance'] },
  ],
  [
    'a part is under maintenance and heard: it does not count',
    { devices: [...all(9), ...bays(5, (slug) => device(slug, { underMaintenance: true }), 10)] },
    { kind: 'potential_power_loss' },
  ],
  [
    'all are under maintenance',
    { devices: bays(5, (slug) => lost(slug, 0, { underMaintenance: true })) },
    { kind: null },
  ],
  [
    'all have the status maintenance',
    { devices: bays(5, (slug) => device(slug, { status: 'maintenance' })) },
    { kind: null },
  ],
  [
    'a door opened before, not during',
    { devices: all(14), activity: [activity('door_opened', -60)] },
    { kind: 'potential_power_loss' },
  ],
  [
    'the line does not answer either',
    { devices: all(14), checks: [check('uplink', 'timeout', 60)] },
    { kind: 'potential_power_loss', says: ['does not answer either'] },
  ],
  [
    'the web shop answers, but it runs elsewhere',
    { devices: all(14), checks: [check('shop', 'ok', 60, { reachesSite: false })] },
    { kind: 'potential_power_loss' },
  ],
  [
    'a good answer from before the fall',
    { devices: all(14), checks: [check('uplink', 'ok', -30)] },
    { kind: 'potential_power_loss' },
  ],
  [
    'early recovery: nine of fourteen are back',
    { devices: [...bays(9, (slug) => back(slug, 0, 400)), ...bays(5, (slug) => lost(slug, 3), 10)] },
    { kind: 'potential_power_loss', says: ['9 of 14 are back'] },
  ],
  [
    'all are back after six minutes',
    { devices: bays(14, (slug) => back(slug, 0, 360)) },
    { kind: 'potential_power_loss', says: ['All are back since 14:06:00'] },
  ],
  [
    'all are back after 31 s: still possible',
    { devices: bays(4, (slug) => back(slug, 0, 31)) },
    { kind: 'potential_power_loss' },
  ],
  [
    'late children: two fell one minute later',
    { devices: [...all(12), lost('late_1', 80), lost('late_2', 84)] },
    { kind: 'potential_power_loss', says: ['All 14 devices'] },
  ],
  [
    'a third party is stale, but we lost the devices ourselves',
    { devices: all(14), sources: [stale] },
    { kind: 'potential_power_loss' },
  ],
  [
    'the other sites are heard',
    { devices: all(14), elsewhere: healthy },
    { kind: 'potential_power_loss', confidence: [0.9, 0.95] },
  ],
  [
    'in the time of the place',
    { devices: all(3, 0), site: { name: 'X', timezone: 'America/Halifax', hours: null } },
    { kind: 'potential_power_loss', says: ['at 10:00:00'] },
  ],
  [
    'one device was lost last week: it does not count',
    { devices: [...all(13), device('old_pc', { status: 'offline', lastHeardAt: at(-600_000) })] },
    { kind: 'potential_power_loss', confidence: [0.85, 0.95], doubts: ['old_pc had been lost before'] },
  ],
];
