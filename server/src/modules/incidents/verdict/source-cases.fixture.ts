import { all, at, bays, type Case, device, lost, rmmOnly, source, stale } from './judge.fixture.ts';

export const ofSources: readonly Case[] = [
  [
    'the RMM is stale and alone knows the devices',
    { devices: rmmOnly(6), sources: [stale] },
    {
      kind: 'source_outage',
      doubts: ['No device of the site reports to us directly'],
      systems: ['rmm', 'bay_1_pc', 'bay_2_pc', 'bay_3_pc', 'bay_4_pc', 'bay_5_pc', 'bay_6_pc'],
    },
  ],
  [
    'the check of the RMM is down',
    { devices: rmmOnly(6), sources: [{ ...stale, down: true }] },
    { kind: 'source_outage', confidence: [0.85, 0.95], says: ['its check is down'] },
  ],
  [
    'devices that we hear ourselves are well',
    { devices: [...rmmOnly(6), device('till')], sources: [stale] },
    { kind: 'source_outage', confidence: [0.85, 0.95], says: ['1 device that we hear ourselves is well'] },
  ],
  [
    'the RMM is read, so its devices are really offline',
    {
      devices: bays(6, (slug) => lost(slug, 0, { onlyKnownBy: 'rmm', hasAgent: false })),
      sources: [source()],
    },
    { kind: 'potential_power_loss' },
  ],
  [
    'the RMM is stale, and a device of our own is lost as well',
    { devices: [...rmmOnly(6), lost('till', 0), lost('gate', 3)], sources: [stale] },
    { kind: 'potential_power_loss', doubts: ['Nothing current is known of 6 devices'] },
  ],
  [
    'another third party is stale, which knows nothing of this site',
    { devices: all(3), sources: [source({ slug: 'unifi', fresh: false })] },
    { kind: 'potential_power_loss' },
  ],
  [
    'the RMM was never read',
    {
      devices: bays(3, (slug) =>
        device(slug, { status: 'unknown', onlyKnownBy: 'rmm', lastHeardAt: at(-60) }),
      ),
      sources: [source({ fresh: false, readAt: null })],
    },
    { kind: 'source_outage', says: ['was never read'] },
  ],
  [
    'devices under maintenance are not concerned',
    {
      devices: bays(3, (slug) =>
        device(slug, { status: 'unknown', onlyKnownBy: 'rmm', underMaintenance: true }),
      ),
      sources: [stale],
    },
    { kind: null },
  ],
];
