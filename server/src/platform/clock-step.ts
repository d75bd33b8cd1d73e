import { roughDuration } from '@watchkeeper/contracts/figures';
import { type RawBuilder, sql } from 'kysely';
import { noteStep, recentStepSeconds, stepSecondsMin } from './clock-steps-store.ts';
import type { Ctx } from './context.ts';
import type { Tx } from './db/database.ts';

/**
 * The clock went back: times stamped while it was ahead are now in the future, and rows that only move
 * forward would wait for them. Each module declares its rows once (`clockRules`); the pass below moves them
 * back by the step.
 */
export interface ClockStep {
  /** As it is now, after the clock went back. */
  readonly now: Date;
  /** How far ahead the clock had been. */
  readonly shiftMs: number;
}

export interface ClockRule {
  readonly table: string;
  /** Every time column of the table that the rule covers; a test compares them with the schema. */
  readonly columns: readonly string[];
  /** Those of them that have happened: none is in the future after the rule has run. */
  readonly past: readonly string[];
  /** Corrects at most `healRows` rows. @returns how many it changed. */
  readonly heal: (tx: Tx, step: ClockStep) => Promise<number>;
}

/** Rows that one statement corrects. A rule runs again while it finds as many. */
export const healRows = 5_000;
/** Statements of one rule in one pass; the next pass continues. */
const roundsMax = 400;
const passSeconds = 10;
/** A pass is repeated for this long after a step: another process may follow the clock a moment later. */
const againSeconds = 60;

interface Stamped {
  readonly table: string;
  /** Times that have happened: none is in the future. */
  readonly past: readonly string[];
  /** Times to come, and the most seconds they may be ahead. */
  readonly ahead?: Readonly<Record<string, number>>;
  /** A jsonb column that records by how much the past of the row was moved. */
  readonly mark?: string;
}

/**
 * The rule of most tables: a time that is too far ahead is moved back by the step, and never stays in the
 * future.
 */
export function stampedRows({ table, past, ahead = {}, mark }: Stamped): ClockRule {
  const name = sql.table(table);
  const dues = Object.entries(ahead);
  const heal = async (tx: Tx, { now, shiftMs }: ClockStep): Promise<number> => {
    const limit = (seconds: number) => new Date(now.getTime() + seconds * 1000);
    const isAhead = (column: string, seconds: number) => sql`${sql.ref(column)} > ${limit(seconds)}`;
    const moved = (column: string, seconds: number) =>
      sql`case when ${isAhead(column, seconds)} then least(${back(sql.ref(column), shiftMs)}, ${now}) else ${sql.ref(column)} end`;
    const columns = [
      ...past.map((column): [string, number] => [column, stepSecondsMin]),
      ...dues.map(([column, seconds]): [string, number] => [column, seconds + stepSecondsMin]),
    ];
    const wrong = sql.join(
      columns.map(([column, seconds]) => isAhead(column, seconds)),
      sql` or `,
    );
    const sets = columns.map(([column, seconds]) => sql`${sql.ref(column)} = ${moved(column, seconds)}`);
    const [first] = past;
    if (mark !== undefined && first !== undefined)
      sets.push(sql`${sql.ref(mark)} = case when ${isAhead(first, stepSecondsMin)}
        then coalesce(${sql.ref(mark)}, '{}'::jsonb) || jsonb_build_object('clock_was_ahead_seconds', ${Math.round(shiftMs / 1000)}::int)
        else ${sql.ref(mark)} end`);
    const { numAffectedRows } = await sql`
      update ${name} set ${sql.join(sets)}
      where (${wrong}) and (tableoid, ctid) in (select tableoid, ctid from ${name} where ${wrong} limit ${healRows})`.execute(
      tx,
    );
    return Number(numAffectedRows ?? 0);
  };
  return { table, columns: [...past, ...dues.map(([column]) => column)], past, heal };
}

/** A time moved back by the step. */
export function back(column: RawBuilder<unknown>, shiftMs: number): RawBuilder<unknown> {
  return sql`${column} - make_interval(secs => ${shiftMs / 1000}::float8)`;
}

/** Rows that are wholly in the future and say nothing true: built again when their sources are right. */
export function deletedAhead(table: string, column: string): ClockRule {
  const heal = async (tx: Tx, { now }: ClockStep): Promise<number> => {
    const wrong = sql`${sql.ref(column)} > ${now}`;
    const { numAffectedRows } = await sql`
      delete from ${sql.table(table)} where ${wrong}
        and (tableoid, ctid) in (select tableoid, ctid from ${sql.table(table)} where ${wrong} limit ${healRows})`.execute(
      tx,
    );
    return Number(numAffectedRows ?? 0);
  };
  return { table, columns: [column], past: [column], heal };
}

/** Steps that one pass handles. */
const stepsMax = 20;

interface PendingStep {
  id: string;
  ahead_ms: number;
}

/**
 * Work of every worker: checks whether the clock went back, and corrects times stamped while it was ahead.
 */
export function clockWork(rules: (ctx: Ctx) => readonly ClockRule[]) {
  return {
    name: 'platform.clock',
    everySeconds: () => passSeconds,
    run: async (ctx: Ctx, signal: AbortSignal) => await healClock(ctx, rules(ctx), signal),
  };
}

export async function healClock(ctx: Ctx, rules: readonly ClockRule[], signal: AbortSignal): Promise<void> {
  const now = new Date(ctx.clock.now());
  // The clock belongs to no organization, and neither do the rows of a table.
  const steps = await ctx.db.system(async (tx) => {
    await lookAtWork(tx, now);
    return await readPending(tx, now);
  });
  const [last] = steps;
  if (last === undefined) return;
  // Times that an earlier step left wrong are in the future too; of two steps within a minute, the later
  // one gives the size.
  const shiftMs = last.ahead_ms;
  const healed: Record<string, number> = {};
  let failed = false;
  for (const rule of rules) {
    try {
      const rows = await healRule(ctx, rule, shiftMs, signal);
      if (rows > 0) healed[rule.table] = (healed[rule.table] ?? 0) + rows;
    } catch (error) {
      // A table that cannot be corrected does not stop the others.
      failed = true;
      ctx.log.error({ err: error, table: rule.table }, 'times in the future could not be corrected');
    }
  }
  await ctx.db.system((tx) => saveHealed(tx, steps, healed, failed || signal.aborted ? null : now));
  if (Object.keys(healed).length > 0)
    ctx.log.warn(
      { aheadSeconds: Math.round(shiftMs / 1000), healed },
      'the clock went back; times in the future were corrected',
    );
}

async function healRule(ctx: Ctx, rule: ClockRule, shiftMs: number, signal: AbortSignal): Promise<number> {
  let rows = 0;
  for (let round = 0; round < roundsMax && !signal.aborted; round += 1) {
    const step = { now: new Date(ctx.clock.now()), shiftMs };
    const moved = await ctx.db.system((tx) => rule.heal(tx, step));
    rows += moved;
    if (moved < healRows) break;
  }
  return rows;
}

/** Beats notice it first (watch.ts). When no process receives heartbeats, periodic work notices it. */
async function lookAtWork(tx: Tx, now: Date): Promise<void> {
  const { rows } = await sql<{ ahead: number | null }>`
    select extract(epoch from max(started_at) - ${now}::timestamptz)::float8 as ahead from periodic_work`.execute(
    tx,
  );
  const ahead = rows[0]?.ahead ?? 0;
  if (ahead > stepSecondsMin) await noteStep(tx, now, ahead * 1000);
}

async function readPending(tx: Tx, now: Date): Promise<PendingStep[]> {
  const since = new Date(now.getTime() - againSeconds * 1000);
  const { rows } = await sql<PendingStep>`
    select id, ahead_ms from clock_steps
    where healed_at is null or noticed_at > ${since} order by id desc limit ${stepsMax}`.execute(tx);
  return rows;
}

async function saveHealed(
  tx: Tx,
  steps: readonly PendingStep[],
  healed: Readonly<Record<string, number>>,
  at: Date | null,
): Promise<void> {
  const newest = steps[0]?.id;
  await sql`
    update clock_steps set healed_at = coalesce(${at}::timestamptz, healed_at),
      healed = case when id = ${newest} then (
        select coalesce(jsonb_object_agg(key, total), '{}') from (
          select key, sum(value::int) as total from (
            select * from jsonb_each_text(healed) union all select * from jsonb_each_text(${JSON.stringify(healed)}::jsonb)
          ) both_times group by key) summed) else healed end
    where id = any(${steps.map((step) => step.id)}::bigint[])`.execute(tx);
}

export interface ClockHealth {
  readonly status: 'pass' | 'warn';
  readonly output?: string;
  readonly observed_value: number;
  readonly observed_unit: string;
}

/**
 * A larger difference of this machine's clock is reported, because sessions and certificates depend on it.
 */
const offSecondsMax = 5;
/** A step ahead is reported for this long. */
const aheadToldSeconds = 900;

/** Whether the clock of the database can be trusted; asked of the database, so any process can tell. */
export async function checkClock(ctx: Pick<Ctx, 'db' | 'clock' | 'process'>): Promise<ClockHealth> {
  const now = ctx.clock.now();
  const own = ctx.process.ownClock === null ? 0 : (ctx.process.ownClock() - now) / 1000;
  const observed = { observed_value: Math.round(own * 10) / 10, observed_unit: 's off the database' };
  const words: string[] = [];
  const last = await ctx.db.system((tx) => readLastStep(tx, new Date(now)));
  if (last !== undefined) {
    const what = `The clock was ${roughDuration(last.ahead_ms / 1000)} ahead and went back at ${last.noticed_at.toISOString()}`;
    words.push(
      last.healed_at === null
        ? `${what}; times in the future are being corrected.`
        : `${what}; times in the future were corrected. Check the time service of the database's machine.`,
    );
  }
  const jump = ctx.process.clockJump();
  if (jump !== null && jump.byMs > 0 && (ctx.clock.monotonic() - jump.monotonic) / 1000 < aheadToldSeconds)
    words.push(
      `The database's clock jumped ahead by ${roughDuration(jump.byMs / 1000)}. From then on, silence is counted again from zero.`,
    );
  if (Math.abs(own) > offSecondsMax)
    words.push(
      `This machine's clock is ${roughDuration(Math.abs(own))} ${own > 0 ? 'ahead of' : 'behind'} the database's; the clock of the database counts.`,
    );
  return words.length === 0
    ? { status: 'pass', ...observed }
    : { status: 'warn', output: words.join(' '), ...observed };
}

async function readLastStep(tx: Tx, now: Date) {
  const since = new Date(now.getTime() - recentStepSeconds * 1000);
  const { rows } = await sql<{ ahead_ms: number; noticed_at: Date; healed_at: Date | null }>`
    select ahead_ms, noticed_at, healed_at from clock_steps where healed_at is null or noticed_at > ${since}
    order by id desc limit 1`.execute(tx);
  return rows[0];
}

/**
 * After a jump of the clock, rows may only seem old: nothing is deleted or compacted for good until that is
 * clear.
 */
export function isClockSure(ctx: Pick<Ctx, 'clock' | 'process'>): boolean {
  const jump = ctx.process.clockJump();
  return jump === null || (ctx.clock.monotonic() - jump.monotonic) / 1000 > recentStepSeconds;
}
