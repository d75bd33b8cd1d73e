import { all, back, bays, type Case, closed, device, lost } from './judge.fixture.ts';

export const ofParts: readonly Case[] = [
  [
    'one device of fourteen',
    { devices: [...all(1), ...bays(13, (slug) => device(slug), 2)] },
    {
      kind: 'partial_failure',
      confidence: [0.5, 0.65],
      says: ['bay_1_pc', '13 devices of the site are heard'],
      systems: ['bay_1_pc'],
    },
  ],
  [
    'one device of two',
    { devices: [...all(1), device('bay_2_pc')] },
    { kind: 'partial_failure', says: ['1 device of the site is heard'] },
  ],
  [
    'half of the site',
    { devices: [...all(7), ...bays(7, (slug) => device(slug), 8)] },
    { kind: 'partial_failure', confidence: [0.8, 0.95] },
  ],
  [
    'one whole area',
    {
      devices: [
        lost('a', 0, { area: 'bay_1' }),
        lost('b', 1, { area: 'bay_1' }),
        device('c', { area: 'bay_2' }),
      ],
    },
    { kind: 'partial_failure', confidence: [0.9, 0.95], says: ['All devices of bay_1'] },
  ],
  [
    'a part of one area',
    {
      devices: [
        lost('a', 0, { area: 'bay_1' }),
        lost('b', 0, { area: 'bay_1' }),
        device('c', { area: 'bay_1' }),
      ],
    },
    { kind: 'partial_failure', confidence: [0.75, 0.85] },
  ],
  [
    'all with an agent, but those without are reached',
    { devices: [...all(7), ...bays(7, (slug) => device(slug, { hasAgent: false }), 8)] },
    { kind: 'partial_failure' },
  ],
  ['all but one', { devices: [...all(13), device('till')] }, { kind: 'partial_failure' }],
  [
    'at a closed site',
    { devices: [...all(3), device('till')], site: closed(null) },
    { kind: 'partial_failure', doubts: ['The site is closed'] },
  ],
  [
    'a device that was back soon',
    { devices: [back('a', 0, 20), device('b')] },
    { kind: 'partial_failure', says: ['All are back'] },
  ],
  [
    'a part is under maintenance',
    { devices: [...all(2), device('till'), lost('x', 0, { underMaintenance: true })] },
    { kind: 'partial_failure', confidence: [0.5, 0.7] },
  ],
  [
    'a device that answers no check',
    { devices: [lost('cam', 0, { status: 'unresponsive', hasAgent: false }), device('till')] },
    { kind: 'partial_failure', systems: ['cam'] },
  ],
  ['nothing is lost', { devices: bays(5, (slug) => device(slug)) }, { kind: null }],
  ['nothing is known at all', {}, { kind: null }],
];
