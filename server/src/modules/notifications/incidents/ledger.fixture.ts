import { sql } from 'kysely';
import { escalateIncidents, groupDue } from '#modules/incidents';
import { newId } from '#platform/ids';
import type { TestApp } from '../../../../../test/support/app.ts';
import type { TestClock } from '../../../../../test/support/clock.ts';
import { readSupport } from '../../delivery/channels/support.ts';
import { deliverMessage } from '../../delivery/queue/deliver.ts';
import { createDeliveries } from '../../delivery/queue/deliveries.ts';
import { type Level, putPolicy } from '../escalation/policy-store.ts';
import { planDue } from './plan-due.ts';

export interface LedgerRow {
  alert_id: string;
  transition_kind: string;
  channel_name: string | null;
  recipient: string;
  status: string;
  reason: string | null;
  message_id: string | null;
}

export interface MessageRow {
  id: string;
  status: string;
  attempts: number;
  claimed: boolean;
  maybe_delivered: boolean;
}

/** Alerts as the module below leaves them, each its own incident, and the messages that the pipeline makes of them. */
export async function ledgerOf(house: TestApp) {
  const { ctx } = house;
  const org =
    (
      await ctx.db.system((tx) =>
        sql<{ id: string }>`select id from organizations where slug = 'default'`.execute(tx),
      )
    ).rows[0]?.id ?? '';
  const site = await house.call('POST', '/api/v1/default/sites', {
    body: { slug: 'dartmouth', name: 'Dartmouth', timezone: 'America/Halifax' },
  });
  const now = () => new Date(ctx.clock.now());

  async function openAlerts(
    count: number,
    over: { severity?: string; escalation?: Level; suppressedBy?: string } = {},
  ): Promise<string[]> {
    const ids = Array.from({ length: count }, () => newId());
    const rule = newId();
    await ctx.db.system(async (tx) => {
      await sql`insert into rules (organization_id, id, type, name, kind, config, severity, auto_resolve, cooldown_seconds, created_at, updated_at, enabled, grouping)
        values (${org}, ${rule}, 'device_offline', 'Device offline', 'absence', '{}', 'high', true, 300,
          ${now()}, ${now()}, false, '{"by": "none"}')`.execute(tx);
      if (over.escalation !== undefined)
        await putPolicy(
          tx,
          { organizationId: org, ruleId: rule, name: 'Device offline', levels: [over.escalation] },
          now(),
        );
      await sql`insert into alerts (organization_id, id, rule_id, rule_name, kind, type, severity, status, subject, site_id, title, why,
          suppressed_by, suppressed_reason, opened_at)
        select ${org}, id, ${rule}, 'Device offline', 'absence', 'device_offline', ${over.severity ?? 'high'}, 'open', 'test:' || id,
          ${site.body.id}, 'Bay ' || n || ' PC is offline', 'No heartbeat for 2 min 5 s; the limit is 2 min.',
          ${over.suppressedBy ?? null}, ${over.suppressedBy === undefined ? null : 'Planned work'}, ${now()}
        from unnest(${ids}::uuid[]) with ordinality as a (id, n)`.execute(tx);
    });
    return ids;
  }

  /** Writes the transitions, as one change does, and has them planned unless told not to. */
  async function transition(kind: string, alertIds: readonly string[], options: { tell?: boolean } = {}) {
    const items = alertIds.map((alertId) => ({ alertId, transitionId: newId() }));
    await ctx.db.system(async (tx) => {
      await sql`insert into alert_transitions (organization_id, id, alert_id, at, kind, actor_kind, actor_id, actor_name, why)
        select ${org}, id, alert_id, ${now()}, ${kind}, 'system', 'rules', 'Watchkeeper', 'A heartbeat arrived.'
        from unnest(${items.map((i) => i.transitionId)}::uuid[], ${alertIds}::uuid[]) as t (id, alert_id)`.execute(
        tx,
      );
      if (kind === 'resolved' || kind === 'acknowledged') {
        await sql`update alerts set status = ${kind}, resolved_at = case when ${kind} = 'resolved' then ${now()}::timestamptz end,
          resolved_reason = case when ${kind} = 'resolved' then 'A heartbeat arrived.' end where id = any(${alertIds}::uuid[])`.execute(
          tx,
        );
      }
      if (kind === 'unsuppressed') {
        await sql`update alerts set suppressed_by = null, suppressed_reason = null where id = any(${alertIds}::uuid[])`.execute(
          tx,
        );
      }
    });
    const event = { organizationId: org, kind, items };
    await group();
    if (kind === 'escalated') await escalate(alertIds);
    if (options.tell !== false) await plan();
    return event;
  }

  const group = (own = ctx) => groupDue(own, AbortSignal.timeout(20_000));

  /** Returns how many changes of incidents were planned. */
  const plan = (own = ctx) => planDue(own, AbortSignal.timeout(20_000));

  /** As the policies of their rules do it. */
  async function escalate(alertIds: readonly string[]): Promise<void> {
    await ctx.db.system(async (tx) => {
      const { rows: due } = await sql<{ incidentId: string; ruleId: string }>`
        select m.incident_id as "incidentId", a.rule_id as "ruleId" from incident_alerts m join alerts a on a.id = m.alert_id
        where a.id = any(${[...alertIds]}::uuid[])`.execute(tx);
      const why = 'Nobody acknowledged it.';
      await escalateIncidents(
        ctx,
        tx,
        due.map(({ incidentId, ruleId }) => ({ incidentId, level: 1, why, details: { rule_id: ruleId } })),
      );
    });
  }

  async function incidentOf(alertId: string): Promise<string> {
    const { rows: found } = await ctx.db.system((tx) =>
      sql<{ id: string }>`select incident_id as id from incident_alerts where alert_id = ${alertId}`.execute(
        tx,
      ),
    );
    return found[0]?.id ?? '';
  }

  async function rows(): Promise<LedgerRow[]> {
    return await ctx.db.system(
      async (tx) =>
        (
          await sql<LedgerRow>`select coalesce(m.alert_id, n.subject_id) as alert_id, n.transition_kind, n.channel_name, n.recipient,
          n.status, n.reason, n.message_id
        from notifications n left join incident_alerts m on m.incident_id = n.subject_id order by n.created_at, n.id`.execute(
            tx,
          )
        ).rows,
    );
  }

  async function dueMessages(): Promise<string[]> {
    return await ctx.db.system(async (tx) =>
      (
        await sql<{
          id: string;
        }>`select id from notification_messages where status = 'pending' and due_at <= clock_timestamp()
        order by created_at, id`.execute(tx)
      ).rows.map((row) => row.id),
    );
  }

  const deliver = async (messageId: string, own = ctx, signal = AbortSignal.timeout(20_000)) =>
    deliverMessage(own, { organizationId: org, messageId, support: await readSupport(ctx) }, signal);

  /** Moves time for the process's clock and for everything that is due by the database's clock. */
  async function later(clock: TestClock, seconds: number): Promise<void> {
    clock.advance(seconds);
    await ctx.db.system((tx) =>
      sql`update notification_messages set due_at = due_at - make_interval(secs => ${seconds}),
        claimed_until = claimed_until - make_interval(secs => ${seconds})`.execute(tx),
    );
  }

  async function messages(): Promise<MessageRow[]> {
    return await ctx.db.system(
      async (tx) =>
        (
          await sql<MessageRow>`select id, status, attempts, claimed_until is not null as claimed, maybe_delivered
            from notification_messages order by created_at, id`.execute(tx)
        ).rows,
    );
  }

  /** One attempt at everything that is due. */
  async function deliverDue(): Promise<void> {
    for (const id of await dueMessages()) await deliver(id);
  }

  /** Plans and sends everything that is due, as a worker does. */
  async function runOnce(own = ctx): Promise<void> {
    await using deliveries = createDeliveries(own);
    await deliveries.once(AbortSignal.timeout(20_000));
  }

  /** A clean slate for the next test of the file. */
  async function clear(): Promise<void> {
    await ctx.db.system(async (tx) => {
      for (const table of [
        'notifications',
        'notification_messages',
        'channels',
        'incidents',
        'alert_transitions',
        'alerts',
        'rules',
      ]) {
        await sql`delete from ${sql.table(table)}`.execute(tx);
      }
    });
  }

  return {
    org,
    clear,
    messages,
    runOnce,
    plan,
    group,
    incidentOf,
    later,
    openAlerts,
    transition,
    rows,
    dueMessages,
    deliver,
    deliverDue,
  };
}

export type Ledger = Awaited<ReturnType<typeof ledgerOf>>;
