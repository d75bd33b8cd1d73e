import { sql } from 'kysely';
import { defineReading } from '#platform/metric-readings';
import { attentionIn } from './inbox/incident-store.ts';

/** Incidents of the whole installation, by priority and by what people have to do about them. */
export const incidentMetrics = defineReading({
  name: 'incidents',
  gauges: { incidents: { help: 'Incidents that are not resolved.', labels: ['priority', 'attention'] } },
  async read(ctx, tx) {
    const attention = attentionIn(new Date(ctx.clock.now()));
    const { rows } = await sql<{ priority: string; attention: string; count: number }>`
      select i.priority, ${attention} as attention, count(*)::int as count
      from incidents i where i.status <> 'resolved' group by 1, 2 order by 1, 2`.execute(tx);
    return {
      incidents: rows.map(({ priority, attention: asks, count }) => [{ priority, attention: asks }, count]),
    };
  },
});
