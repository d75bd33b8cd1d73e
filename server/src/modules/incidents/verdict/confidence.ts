/** How sure a verdict is: a start, and what each kind of doubt or support makes of it. */
export const confidenceTable = {
  /** The first value of each verdict. */
  start: {
    potential_power_loss: 0.9,
    network_outage: 0.7,
    partial_failure: 0.8,
    source_outage: 0.75,
    our_outage: 0.85,
  },
  /** All devices of a small site: chance, or one shared plug, is likely as well. By how many devices count. */
  fewDevices: { 2: 0.65, 3: 0.8, 4: 0.9 },
  /** The site was closed: people may have switched the devices off. */
  closed: 0.6,
  /** A part of the site is under maintenance: the work itself may be the cause. */
  maintenance: 0.7,
  /** A sign of people or of power against the verdict. */
  contradicted: 0.5,
  /** Support from a second kind of evidence. */
  supported: 1.2,
  /** One device alone, of many: it may be anything at that device. */
  single: 0.75,
} as const;

const confidenceMin = 0.05;
/** Nobody stood there and looked. */
const confidenceMax = 0.95;

/** A start and its factors as one number from 0.05 to 0.95, with two digits. */
export function confidenceOf(start: number, factors: readonly number[]): number {
  const value = factors.reduce((product, factor) => product * factor, start);
  return Math.round(Math.min(confidenceMax, Math.max(confidenceMin, value)) * 100) / 100;
}

/** Two devices of a two-device site are weaker evidence than fourteen. */
export function factorOfCount(devices: number): number {
  const few: Readonly<Record<number, number>> = confidenceTable.fewDevices;
  return few[devices] ?? 1;
}

/** A site of which half is unseen is known by half: from 0.5 (nothing is seen) to 1 (all is). */
export function factorOfCoverage(seen: number, all: number): number {
  return all === 0 ? 1 : 0.5 + (0.5 * seen) / all;
}
