import { listLimitDefault } from '@watchkeeper/contracts';
import { toInstant } from '@watchkeeper/contracts/instant';
import type { Notification, NotificationQuery } from '@watchkeeper/contracts/notifications';
import { requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { decodeTimeCursor, toPage } from '#platform/http/cursor';
import { findTopic, listTopics } from '../topics/topic.ts';
import { type NotificationRow, selectNotifications } from './view-store.ts';

/** The ledger, newest first: who was told what, who was not, and why. */
export async function listNotifications(
  ctx: Pick<Ctx, 'db' | 'parts'>,
  scope: Scope,
  query: NotificationQuery,
): Promise<{ data: Notification[]; next_cursor: string | null }> {
  requirePermission(scope, 'read');
  const limit = query.limit ?? listLimitDefault;
  const after = decodeTimeCursor(query.cursor);
  const rows = await ctx.db.tenant(scope.organizationId, async (tx) =>
    selectNotifications(tx, scope.organizationId, {
      subjects: await subjectsOf(ctx, tx, query),
      channel: query.channel,
      status: query.status,
      since: query.since === undefined ? undefined : toInstant(query.since),
      after,
      limit: limit + 1,
    }),
  );
  return toPage(
    rows,
    limit,
    (row) => [row.created_at.toISOString(), row.id],
    (row) => toNotification(ctx, row),
  );
}

function toNotification(ctx: Pick<Ctx, 'parts'>, row: NotificationRow): Notification {
  const title = titleOf(ctx, row);
  const alert = alertOf(ctx, row, title);
  return {
    id: row.id,
    topic: row.topic,
    subject_id: row.subject_id,
    subject_title: title,
    alert_id: alert?.id ?? null,
    alert_title: alert?.title ?? null,
    transition_id: row.transition_id,
    transition: row.transition_kind,
    channel_id: row.channel_id,
    channel_kind: row.channel_kind,
    channel_name: row.channel_name,
    recipient: row.recipient,
    status: row.status,
    reason: row.reason,
    message:
      row.message_id === null || row.attempts === null
        ? null
        : {
            id: row.message_id,
            told_together: row.told_together,
            attempts: row.attempts,
            next_attempt_at: row.message_status === 'pending' ? (row.due_at?.toISOString() ?? null) : null,
            answer_status: row.last_status,
            answer: row.last_answer,
          },
    created_at: row.created_at.toISOString(),
    settled_at: row.settled_at?.toISOString() ?? null,
  };
}

/** What a search for one alert or one incident is about; undefined: it is for all subjects. */
async function subjectsOf(
  ctx: Pick<Ctx, 'parts'>,
  tx: Tx,
  { alert, incident }: Pick<NotificationQuery, 'alert' | 'incident'>,
): Promise<string[] | undefined> {
  if (alert === undefined) return incident === undefined ? undefined : [incident];
  const wholes: string[] = [];
  for (const { parts } of listTopics(ctx)) wholes.push(...((await parts?.subjectsOf(tx, alert)) ?? []));
  return [alert, ...wholes].filter((id) => incident === undefined || id === incident);
}

/** The one alert that a row is about. */
function alertOf(ctx: Pick<Ctx, 'parts'>, row: NotificationRow, title: string) {
  if (row.topic === 'alert') return { id: row.subject_id, title };
  const topic = findTopic(ctx, row.topic);
  const facts = topic?.readFacts(row.facts_version, row.facts);
  return facts === undefined ? undefined : topic?.parts?.only(facts);
}

/** The topic's title of the subject. A row of a newer release shows the name of its topic instead. */
function titleOf(ctx: Pick<Ctx, 'parts'>, row: NotificationRow): string {
  const topic = findTopic(ctx, row.topic);
  const facts = topic?.readFacts(row.facts_version, row.facts);
  return topic === undefined || facts === undefined ? row.topic : topic.titleOf(facts);
}
