import { sql } from 'kysely';
import { defineReading } from '#platform/metric-readings';
import { attentionOfRow } from './alerts/store.ts';

/** Alerts of the whole installation, by severity and by what people have to do about them. */
export const alertMetrics = defineReading({
  name: 'alerts',
  gauges: { alerts: { help: 'Alerts that are not resolved.', labels: ['severity', 'attention'] } },
  async read(_ctx, tx) {
    const { rows } = await sql<{ severity: string; attention: string; count: number }>`
      select a.severity, ${attentionOfRow} as attention, count(*)::int as count
      from alerts a where a.status <> 'resolved' group by 1, 2 order by 1, 2`.execute(tx);
    return {
      alerts: rows.map(({ severity, attention, count }) => [{ severity, attention }, count]),
    };
  },
});
