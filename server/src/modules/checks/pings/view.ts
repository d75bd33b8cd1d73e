import type { PingStanding } from '@watchkeeper/contracts/pings';
import type { Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { CheckRow } from '../store.ts';
import { type PingConfig, scheduleOf } from './schedule.ts';
import { phaseOf } from './standing.ts';

/** How a check is shown: to whom, and at which time. */
export interface CheckView {
  readonly now: number;
  readonly publicUrl: string;
  /** Only a caller who may change a check sees its addresses: with an address, anybody can report for the job. */
  readonly secrets: boolean;
}

export function viewOf(ctx: Pick<Ctx, 'clock' | 'config'>, scope: Pick<Scope, 'permissions'>): CheckView {
  return {
    now: ctx.clock.now(),
    publicUrl: ctx.config.http.publicUrl.replace(/\/$/, ''),
    secrets: scope.permissions.has('inventory:write'),
  };
}

export function addressOf(row: CheckRow, view: CheckView): string | null {
  return row.ping_id === null || !view.secrets ? null : `${view.publicUrl}/ping/${row.ping_id}`;
}

export function toPingStanding(row: CheckRow, view: CheckView): PingStanding | null {
  if (row.ping_id === null) return null;
  const runs = row.runs ?? [];
  const state = { runs, expectedAt: row.expected_at?.getTime() ?? null };
  const began = runs.map(({ startedAt }) => startedAt);
  return {
    phase: phaseOf(state, row, scheduleOf(asPingConfig(row.config)), view.now),
    push_url: view.secrets ? `${view.publicUrl}/api/push/${row.push_token}` : null,
    pings: Number(row.pings),
    last_ping_at: row.last_ping_at?.toISOString() ?? null,
    last_duration_ms: row.last_duration_ms,
    running_since: began.length === 0 ? null : new Date(Math.min(...began)).toISOString(),
    runs: runs.length,
    expected_at: row.expected_at?.toISOString() ?? null,
    alarm_at: row.alarm_at?.toISOString() ?? null,
  };
}

/** Safe because a ping check is saved only with a config that fits its schema. */
export function asPingConfig(config: object): PingConfig {
  return config as PingConfig;
}
