import { sql } from 'kysely';
import { defineReading, only } from './metric-readings.ts';
import { readOutboxes } from './outboxes.ts';
import { readWatch } from './watch.ts';

const intake = defineReading({
  name: 'intake',
  gauges: { intake_up: { help: 'Whether any process receives heartbeats.' } },
  async read(_ctx, tx, now) {
    const { intakeUp } = await readWatch(tx, now);
    return { intake_up: only(intakeUp ? 1 : 0) };
  },
});

const outboxes = defineReading({
  name: 'outboxes',
  gauges: {
    outbox_rows: {
      help: 'Rows that wait for work (waiting), and rows that were given up (failed).',
      labels: ['outbox', 'state'],
    },
    outbox_oldest_seconds: { help: 'How long the oldest waiting row has waited.', labels: ['outbox'] },
  },
  async read(ctx, tx) {
    const states = await readOutboxes(ctx, tx);
    return {
      outbox_rows: states.flatMap(({ name, waiting, dead }) => [
        [{ outbox: name, state: 'waiting' }, waiting] as const,
        [{ outbox: name, state: 'failed' }, dead] as const,
      ]),
      outbox_oldest_seconds: states.map(({ name, oldestSeconds }) => [{ outbox: name }, oldestSeconds]),
    };
  },
});

const periodic = defineReading({
  name: 'periodic',
  gauges: { periodic_late_seconds: { help: 'How late a periodic task is.', labels: ['work'] } },
  async read(_ctx, tx, now) {
    const { rows } = await sql<{ work: string; late: number }>`
      select name as work, greatest(0, extract(epoch from ${now}::timestamptz - due_at))::float8 as late
      from periodic_work order by name`.execute(tx);
    return { periodic_late_seconds: rows.map(({ work, late }) => [{ work }, late]) };
  },
});

/** The ground floor's own figures. */
export const platformMetrics = [intake, outboxes, periodic];
