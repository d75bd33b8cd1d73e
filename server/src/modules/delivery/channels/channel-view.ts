import type { Channel, ListedChannel } from '@watchkeeper/contracts/notifications';
import type { Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { KindConfig } from '#platform/kinds/registry';
import { redactConfig } from '#platform/kinds/secrets';
import { callbackPath } from '../inbound/callback-path.ts';
import type { ChannelKind } from '../kind.ts';
import { openChannel } from './open-channel.ts';
import type { ChannelRow, LastResultRow } from './store.ts';

type ViewCtx = Pick<Ctx, 'config' | 'vault'>;

/** A channel as the API answers it. Paths of URLs often carry a token, so only callers who may change channels see them. */
export function toChannel(row: ChannelRow, scope: Scope, ctx: ViewCtx): Channel {
  const opened = openChannel(row, ctx.vault);
  const config = opened.kind === undefined ? {} : redactConfig(opened.kind, opened.config);
  const short = opened.kind !== undefined && !scope.permissions.has('channels:write');
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    config: short ? shortenUrls(opened.kind, config) : config,
    min_severity: row.min_severity,
    enabled: row.enabled,
    escalation_only: row.escalation_only,
    routing: row.routing,
    managed_by: row.managed_by,
    callback_url:
      opened.kind?.inbound?.accepts(opened.config) === true
        ? `${ctx.config.http.publicUrl}${callbackPath(row.kind, row.id)}`
        : null,
    version: row.version,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}

export function toListedChannel(
  row: ChannelRow,
  last: LastResultRow | undefined,
  scope: Scope,
  ctx: ViewCtx,
): ListedChannel {
  const result =
    last === undefined
      ? null
      : { status: last.status, at: last.at.toISOString(), reason: last.reason, answer: last.answer };
  return { ...toChannel(row, scope, ctx), last_result: result };
}

function shortenUrls(kind: ChannelKind, config: Record<string, unknown>): Record<string, unknown> {
  const urls: readonly string[] = kind.urls;
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => [
      name,
      urls.includes(name) && typeof value === 'string' && URL.canParse(value)
        ? `${new URL(value).origin}/…`
        : value,
    ]),
  );
}

/** The audit log keeps everything but secrets. */
export function toAuditRecord(
  kind: ChannelKind,
  channel: Pick<ChannelRow, 'name' | 'min_severity' | 'enabled' | 'escalation_only' | 'routing'>,
  config: KindConfig,
): object {
  return {
    kind: kind.kind,
    name: channel.name,
    config: redactConfig(kind, config),
    min_severity: channel.min_severity,
    enabled: channel.enabled,
    escalation_only: channel.escalation_only,
    routing: channel.routing,
  };
}
