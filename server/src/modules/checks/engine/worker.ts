import type { Ctx } from '#platform/context';
import { newId } from '#platform/ids';
import { ConfigCache } from './config-cache.ts';
import { HostGate } from './host-gate.ts';
import { type CheckMetrics, createCheckMetrics } from './metrics.ts';
import { createEngineState, type EngineState } from './state.ts';

export type EngineCtx = Pick<
  Ctx,
  'db' | 'events' | 'live' | 'clock' | 'config' | 'log' | 'outbound' | 'vault' | 'metrics' | 'parts'
>;

/** One of the processes that run checks: its state, and the things it works with. */
export interface CheckWorker {
  readonly ctx: EngineCtx;
  /** The name in its leases. */
  readonly owner: string;
  readonly state: EngineState;
  readonly gate: HostGate;
  readonly configs: ConfigCache;
  readonly metrics: CheckMetrics;
  /** Once aborted, no run starts, and running ones are cancelled. */
  readonly stop: AbortController;
  readonly madeAt: number;
}

export function createWorker(ctx: EngineCtx): CheckWorker {
  const gate = new HostGate();
  return {
    ctx,
    owner: newId(),
    state: createEngineState(),
    gate,
    configs: new ConfigCache(ctx),
    metrics: createCheckMetrics(ctx.metrics, () => gate.running),
    stop: new AbortController(),
    madeAt: ctx.clock.now(),
  };
}
