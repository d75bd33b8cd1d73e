import { hostname } from 'node:os';
import type { ProcessRole } from '#config';
import type { ClockJump } from './db/database-clock.ts';
import { newId } from './ids.ts';

/** Facts about this process. Health answers from them. */
export interface ProcessState {
  readonly id: string;
  readonly host: string;
  readonly role: ProcessRole;
  /** One pass from cron: does only what is due. Its environment is not the long-running server's. */
  readonly onePass: boolean;
  readonly startedAt: number;
  /** The same on the monotonic scale. */
  readonly startedMonotonic: number;
  /** The last time that the clock moved differently from the time that passed. */
  clockJump: () => ClockJump | null;
  /** This machine's own clock; null where a test moves the time by hand. */
  ownClock: (() => number) | null;
  ready: boolean;
  /** After SIGTERM: no new work, readiness fails, running work is finished. */
  draining: boolean;
  /** Monotonic time of the last beat of our own watch. */
  lastBeat: number;
  /** When periodic work last finished here, by name, on the monotonic scale. */
  finishedAt: ReadonlyMap<string, number>;
  /** Sentences about this installation (e.g. where the embedded database is). */
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
