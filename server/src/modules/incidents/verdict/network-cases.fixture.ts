import { activity, all, at, back, bays, type Case, check, closed, source, stale } from './judge.fixture.ts';

export const ofNetwork: readonly Case[] = [
  [
    'a door opened during the outage: there is power',
    { devices: all(14), activity: [activity('door_opened', 120)] },
    { kind: 'network_outage', says: ['A door opened at 14:02:00'] },
  ],
  [
    'people are inside, also when it is closed',
    { devices: all(14), site: closed(at(-600)), activity: [activity('door_opened', 120)] },
    { kind: 'network_outage', doubts: ['The site is closed'] },
  ],
  [
    'a customer used the site',
    { devices: all(14), activity: [activity('customer', 90)] },
    { kind: 'network_outage', says: ['A customer used the site'] },
  ],
  [
    'a device was in use',
    { devices: all(14), activity: [activity('device_used', 90)] },
    { kind: 'network_outage', says: ['A device was in use'] },
  ],
  [
    'the latest sign of people counts',
    { devices: all(14), activity: [activity('door_opened', 60), activity('door_opened', 200)] },
    { kind: 'network_outage', says: ['14:03:20'] },
  ],
  [
    'the line answers: the fault is inside',
    { devices: all(14), checks: [check('uplink', 'ok', 60)] },
    { kind: 'network_outage', says: ['The line of the site answers: uplink'] },
  ],
  [
    'another system still sees the devices',
    { devices: all(14), sources: [source({ saysOnline: ['bay_1_pc', 'bay_2_pc'] })] },
    { kind: 'network_outage', says: ['NinjaOne still sees bay_1_pc and bay_2_pc online'] },
  ],
  [
    'another system saw them, but before the fall',
    { devices: all(14), sources: [source({ saysOnline: ['bay_1_pc'], readAt: at(-60) })] },
    { kind: 'potential_power_loss' },
  ],
  [
    'another system sees devices that are not lost',
    { devices: all(3), sources: [source({ saysOnline: ['till'] })] },
    { kind: 'potential_power_loss' },
  ],
  [
    'everything was back within 30 s',
    { devices: bays(14, (slug) => back(slug, 0, 25)) },
    { kind: 'network_outage', says: ['back within 30 s'] },
  ],
  [
    'two devices, back within 30 s',
    { devices: bays(2, (slug) => back(slug, 1, 29)) },
    { kind: 'network_outage', confidence: [0.4, 0.5] },
  ],
  [
    'one after another, and the line times out',
    { devices: all(5, 100), checks: [check('uplink', 'timeout', 300)] },
    { kind: 'network_outage', doubts: ['over 7 minutes, not at once'] },
  ],
  [
    'one after another, and a door opened',
    { devices: all(5, 100), activity: [activity('door_opened', 500)] },
    { kind: 'network_outage', confidence: [0.3, 0.4] },
  ],
  [
    'no devices: checks time out, customers stopped, the door log is old',
    {
      checks: [check('api', 'timeout', 0), check('gate', 'timeout', 30)],
      activity: [activity('customer', -4000)],
      sources: [stale],
    },
    {
      kind: 'network_outage',
      confidence: [0.7, 0.9],
      says: ['api and gate', 'No customer', 'NinjaOne says nothing since'],
      systems: ['api', 'gate'],
    },
  ],
  [
    'no devices, at night: missing customers say nothing',
    { site: closed(null), checks: [check('api', 'timeout', 0)], activity: [activity('customer', -4000)] },
    { kind: 'network_outage', confidence: [0.3, 0.45] },
  ],
  [
    'no devices, and it is not known whether customers are there',
    { checks: [check('api', 'timeout', 0)] },
    { kind: 'network_outage', doubts: ['not known whether customers'] },
  ],
  [
    'no devices, checks time out, but customers come',
    { checks: [check('api', 'timeout', 0)], activity: [activity('customer', -30)] },
    { kind: null },
  ],
  [
    'no devices, and one check is answered',
    { checks: [check('api', 'timeout', 0), check('gate', 'ok', 5)] },
    { kind: null },
  ],
  ['no devices, and a check that only fails', { checks: [check('api', 'failed', 0)] }, { kind: null }],
  [
    'no devices, checks time out, and a third party sees them online',
    { checks: [check('api', 'timeout', 0)], sources: [source({ saysOnline: ['till'] })] },
    { kind: 'network_outage', confidence: [0.3, 0.4] },
  ],
];
