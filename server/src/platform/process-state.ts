import { hostname } from 'node:os';
import type { ProcessRole } from '#config';
import type { ClockJump } from './db/database-clock.ts';
import { newId } from './ids.ts';

/** What this process knows of itself; health answers from it. */
export interface ProcessState {
  readonly id: string;
  readonly host: string;
  readonly role: ProcessRole;
  /** One pass from cron: it does what is due, and its environment speaks for nobody else. */
  readonly onePass: boolean;
  readonly startedAt: number;
  /** The same on the monotonic scale. */
  readonly startedMonotonic: number;
  /** The last time that the clock that counts moved against the time that passed. */
  clockJump: () => ClockJump | null;
  /** This machine's own clock; null where a test moves the time by hand. */
  ownClock: (() => number) | null;
  ready: boolean;
  /** SIGTERM was heard: no new work, readiness fails, what is under way is finished. */
  draining: boolean;
  /** Monotonic time of the last beat of our own watch. */
  lastBeat: number;
  /** When periodic work last finished here, by name: on the monotonic scale. */
  finishedAt: ReadonlyMap<string, number>;
  /** Plain words about how this install runs (e.g. where the embedded database lives). */
  readonly notes: string[];
}

export function createProcessState(role: ProcessRole, now: number, onePass = false): ProcessState {
  return {
    id: newId(),
    host: hostname(),
    role,
    onePass,
    startedAt: now,
    startedMonotonic: performance.now(),
    clockJump: () => null,
    ownClock: null,
    ready: false,
    draining: false,
    lastBeat: performance.now(),
    finishedAt: new Map(),
    notes: [],
  };
}
