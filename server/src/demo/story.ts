import type { DemoDevice } from './places.ts';

/** What goes wrong, and when. The same story repeats every ten minutes, so that every screen has something to show. */
export const roundSeconds = 600;

export interface Weather {
  silent: boolean;
  syncLagSeconds: number;
  gateFailureShare: number;
  /** The RMM says that the device is offline although it works. */
  rmmMistaken: boolean;
  /** The hub of the door has lost its connection to the door system. */
  hubOffline: boolean;
}

/** Nothing is wrong. */
export const calm: Weather = {
  silent: false,
  syncLagSeconds: 4,
  gateFailureShare: 0.02,
  rmmMistaken: false,
  hubOffline: false,
};

interface Fault {
  device: string;
  fromSecond: number;
  toSecond: number;
  effect: Partial<Weather>;
}

const faults: readonly Fault[] = [
  { device: 'dartmouth-bay-4-pc', fromSecond: 4, toSecond: 210, effect: { silent: true } },
  { device: 'leeds-bay-2-pc', fromSecond: 300, toSecond: 380, effect: { silent: true } },
  { device: 'perth-till-1', fromSecond: 15, toSecond: 160, effect: { syncLagSeconds: 140 } },
  { device: 'leeds-gate-2', fromSecond: 0, toSecond: 330, effect: { gateFailureShare: 0.3 } },
  { device: 'perth-bay-3-pc', fromSecond: 20, toSecond: 170, effect: { rmmMistaken: true } },
  { device: 'perth-side-door', fromSecond: 60, toSecond: 150, effect: { hubOffline: true } },
  // This device is under maintenance at that time, so nobody is notified.
  { device: 'perth-bay-5-pc', fromSecond: 30, toSecond: 540, effect: { silent: true } },
];

/** During this part of each round, the door system answers only with errors. */
const accessOutage = { fromSecond: 240, toSecond: 400 };

export function isAccessOut(secondsSinceStart: number): boolean {
  const second = secondsSinceStart % roundSeconds;
  return second >= accessOutage.fromSecond && second < accessOutage.toSecond;
}

/** An RMM notices changes later than others. */
const rmmLagSeconds = 30;

export function rmmSaysOffline(device: DemoDevice, secondsSinceStart: number): boolean {
  const noticed = weatherOf(device, Math.max(0, secondsSinceStart - rmmLagSeconds));
  return noticed.silent || weatherOf(device, secondsSinceStart).rmmMistaken;
}

export function weatherOf(device: DemoDevice, secondsSinceStart: number): Weather {
  const second = secondsSinceStart % roundSeconds;
  const acting = faults.filter(
    (fault) => fault.device === device.slug && second >= fault.fromSecond && second < fault.toSecond,
  );
  return Object.assign({ ...calm }, ...acting.map((fault) => fault.effect));
}

/** Before the start, only one of this many rounds had faults, so that the past is mostly calm. */
const roundsPerFault = 12;
const faultyRound = 5;

/** The faults before the demonstration began. */
export function pastWeatherOf(device: DemoDevice, secondsBeforeStart: number): Weather {
  const round = Math.floor(secondsBeforeStart / roundSeconds);
  if (round % roundsPerFault !== faultyRound) return calm;
  return weatherOf(device, roundSeconds - (secondsBeforeStart % roundSeconds));
}

/** Numbers that change like real ones: a slow daily wave, a little noise, one decimal. */
export function heartbeatOf(
  device: DemoDevice,
  at: Date,
  weather: Weather,
  random: () => number,
): Record<string, unknown> {
  const wave = Math.sin((at.getTime() / 86_400_000) * 2 * Math.PI + device.slug.length);
  const around = (middle: number, swing: number, noise: number) =>
    round(middle + swing * wave + noise * (random() - 0.5));
  return {
    status: 'online',
    error_rate_5m: round(Math.max(0, 0.4 + 0.8 * (random() - 0.5))),
    request_latency_p95: around(180, 40, 60),
    sync_lag_sec: round(weather.syncLagSeconds + 3 * random()),
    app_version: '4.2.1',
    cpu_usage: around(34, 12, 14),
    memory_usage: around(58, 6, 3),
    disk_usage: round(61 + (device.slug.length % 17)),
    metrics: { gpu_temperature: around(62, 9, 4), fps: around(59, 1, 2) },
  };
}

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** A small seeded random generator (mulberry32), so that two demonstrations tell the same story. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
