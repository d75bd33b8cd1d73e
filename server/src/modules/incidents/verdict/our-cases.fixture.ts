import { all, at, bays, type Case, check, collapsed, device, healthy } from './judge.fixture.ts';

export const ofOurs: readonly Case[] = [
  [
    'we received nothing in that time',
    { devices: all(14), watchGaps: [{ from: at(0), to: at(600) }] },
    { kind: 'our_outage', confidence: [0.8, 0.95], says: ['no heartbeats between 14:00:00 and 14:10:00'] },
  ],
  [
    'a gap of ours, long before',
    { devices: all(14), watchGaps: [{ from: at(-7200), to: at(-3600) }] },
    { kind: 'potential_power_loss' },
  ],
  [
    'a gap of ours, long after',
    { devices: all(14), watchGaps: [{ from: at(600), to: at(700) }] },
    { kind: 'potential_power_loss' },
  ],
  [
    'a gap of ours, but the other sites are heard',
    { devices: all(14), watchGaps: [{ from: at(0), to: at(60) }], elsewhere: healthy },
    { kind: 'our_outage', confidence: [0.4, 0.5], doubts: ['The other sites are heard'] },
  ],
  [
    'most other sites fell quiet at the same time',
    { devices: all(14), elsewhere: collapsed },
    { kind: 'our_outage', says: ['At 6 of 8 other sites'] },
  ],
  [
    'both',
    { devices: all(14), watchGaps: [{ from: at(0), to: at(60) }], elsewhere: collapsed },
    { kind: 'our_outage', confidence: [0.95, 0.95] },
  ],
  [
    'our own checks of the site are answered',
    { devices: all(14), elsewhere: collapsed, checks: [check('uplink', 'ok', 60)] },
    { kind: 'our_outage', doubts: ['we reach it'] },
  ],
  [
    'one other site is quiet: two sites without power are not ours',
    { devices: all(14), elsewhere: { devices: 10, quietDevices: 10, sites: 1, quietSites: 1 } },
    { kind: 'potential_power_loss' },
  ],
  [
    'few of many other sites are quiet',
    { devices: all(14), elsewhere: { devices: 40, quietDevices: 12, sites: 8, quietSites: 2 } },
    { kind: 'potential_power_loss' },
  ],
  [
    'one device in our own gap',
    { devices: [...all(1), device('till')], watchGaps: [{ from: at(0), to: at(60) }] },
    { kind: 'our_outage' },
  ],
  [
    'nothing is lost in our own gap',
    { devices: bays(3, (slug) => device(slug)), watchGaps: [{ from: at(0), to: at(60) }] },
    { kind: null },
  ],
];
