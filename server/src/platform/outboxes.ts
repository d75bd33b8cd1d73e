import type { Ctx } from './context.ts';
import type { Tx } from './db/database.ts';
import type { HealthCheck } from './health.ts';
import type { House } from './module.ts';
import { type Outbox, type OutboxFigures, readDeadLetters, readOutbox } from './outbox.ts';
import { definePart } from './parts.ts';

const outboxesPart = definePart<readonly Outbox[]>('platform.outboxes');

/** All outboxes of the house. */
export function outboxesOf(house: House): readonly Outbox[] {
  return house.flatMap((module) => module.outboxes ?? []);
}

export function keepOutboxes(ctx: Pick<Ctx, 'parts'>, house: House): void {
  ctx.parts.put(outboxesPart, outboxesOf(house));
}

/** Whether any process has given up a row that nobody has retried. */
export async function checkDeadLetters(ctx: Pick<Ctx, 'db' | 'parts'>): Promise<HealthCheck> {
  // Across tenants: one figure for the installation.
  const dead = await ctx.db.system((tx) => readDeadLetters(tx, ctx.parts.get(outboxesPart)));
  const count = dead.reduce((sum, one) => sum + one.count, 0);
  const observed = { observed_value: count, observed_unit: 'rows' };
  if (count === 0) return { status: 'pass', ...observed };
  const names = dead.map((one) => `${one.count} ${one.name}`).join(', ');
  return {
    status: 'warn',
    output: `Given up (${names}): "watchkeeper jobs" lists them, tries them again or drops them.`,
    ...observed,
  };
}

export interface OutboxState extends Omit<OutboxFigures, 'failed'> {
  readonly name: string;
  readonly dead: number;
}

/** The figures of each outbox, for metrics. Across tenants. */
export async function readOutboxes(ctx: Pick<Ctx, 'parts'>, tx: Tx): Promise<OutboxState[]> {
  const outboxes = ctx.parts.get(outboxesPart);
  const dead = await readDeadLetters(tx, outboxes);
  const states: OutboxState[] = [];
  for (const outbox of outboxes) {
    const { waiting, oldestSeconds } = await readOutbox(tx, outbox, 0);
    const own = dead.filter((one) => one.outbox === outbox.name);
    const count = own.reduce((sum, one) => sum + one.count, 0);
    states.push({ name: outbox.name, waiting, oldestSeconds, dead: count });
  }
  return states;
}
