import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { audit, type Scope, systemScope } from '#modules/identity';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { newId } from '#platform/ids';
import { toAuditRecord } from './channel-view.ts';
import { type ChannelConfig, getChannelKind, parseChannelConfig } from './registry.ts';
import { generateSecrets, keepSecrets, openSettings, sealSettings } from './settings.ts';
import {
  type ChannelRow,
  findOrganizationBySlug,
  insertChannel,
  lockEnvironmentChannels,
  selectChannels,
  updateChannelRow,
} from './store.ts';
import { withdrawWaiting } from './update-channel.ts';

interface Wanted {
  readonly key: string;
  readonly kind: string;
  readonly name: string;
  readonly config: ChannelConfig;
}

type EnvironmentCtx = Pick<Ctx, 'config' | 'db' | 'clock' | 'vault' | 'live' | 'log' | 'outbound'>;

/**
 * EMAIL_RECIPIENTS, SLACK_WEBHOOK_URL and WEBHOOK_URLS as channels of the bootstrap organization: made,
 * updated and switched off as the variables say. Safe with several processes starting at once.
 */
export async function ensureEnvironmentChannels(ctx: EnvironmentCtx): Promise<void> {
  const wanted = wantedChannels(ctx.config);
  // Before any request: no tenant is known but the one that the environment names.
  const organization = await ctx.db.system((tx) =>
    findOrganizationBySlug(tx, ctx.config.bootstrap.organizationSlug),
  );
  if (organization === undefined) return;
  const scope = systemScope(organization.id, organization.slug, 'environment');
  await ctx.db.tenant(organization.id, async (tx) => {
    await lockEnvironmentChannels(tx, organization.id);
    const existing = (await selectChannels(tx, organization.id)).filter(
      (channel) => channel.managed_by === 'environment',
    );
    for (const want of wanted) {
      await ensureChannel(
        ctx,
        tx,
        scope,
        want,
        existing.find((channel) => channel.environment_key === want.key),
      );
    }
    for (const channel of existing) {
      if (channel.enabled && !wanted.some((want) => want.key === channel.environment_key)) {
        await switchOff(ctx, tx, scope, channel);
      }
    }
  });
  warnOfRefused(ctx, wanted);
}

function wantedChannels(config: Ctx['config']): Wanted[] {
  const wanted: Wanted[] = [];
  const { email, slack, webhooks } = config;
  if (email.enabled && email.recipients.length > 0) {
    wanted.push({
      key: 'email',
      kind: 'email',
      name: 'E-mail (environment)',
      config: { to: [...email.recipients] },
    });
  }
  if (slack.enabled && slack.webhookUrl !== undefined) {
    wanted.push({
      key: 'slack',
      kind: 'slack',
      name: 'Slack (environment)',
      config: { webhook_url: slack.webhookUrl },
    });
  }
  for (const url of webhooks.enabled ? new Set(webhooks.urls) : []) {
    const key = `webhook:${createHash('sha256').update(url).digest('hex').slice(0, 32)}`;
    wanted.push({
      key,
      kind: 'webhook',
      name: `Webhook ${new URL(url).host} (environment)`,
      config: { url },
    });
  }
  return wanted;
}

async function ensureChannel(
  ctx: EnvironmentCtx,
  tx: Tx,
  scope: Scope,
  want: Wanted,
  existing: ChannelRow | undefined,
): Promise<void> {
  const kind = getChannelKind(want.kind);
  const before = existing === undefined ? {} : openSettings(existing, ctx.vault);
  // The variable's own fields decide; a secret that was made here stays.
  const { config } = generateSecrets(kind, parseChannelConfig(kind, keepSecrets(kind, want.config, before)));
  const now = nowDate(ctx.clock);
  const settings = sealSettings(kind, config, ctx.vault);
  if (existing === undefined) {
    const channel = {
      id: newId(),
      kind: want.kind,
      name: want.name,
      ...settings,
      min_severity: 'low',
      enabled: true,
      escalation_only: false,
      managed_by: 'environment',
      environment_key: want.key,
    } as const;
    await insertChannel(tx, scope.organizationId, channel, now);
    await record(ctx, tx, scope, 'channel.created', channel, { after: toAuditRecord(kind, channel, config) });
    return;
  }
  if (existing.enabled && isDeepStrictEqual(config, before)) return;
  const change = { ...existing, ...settings, enabled: true };
  await updateChannelRow(tx, scope.organizationId, existing.id, change, now);
  const records = {
    before: toAuditRecord(kind, existing, before),
    after: toAuditRecord(kind, change, config),
  };
  await record(ctx, tx, scope, 'channel.updated', existing, records);
}

/** Switched off, not deleted: its name, severity and ledger are there when the variable comes back. */
async function switchOff(ctx: EnvironmentCtx, tx: Tx, scope: Scope, channel: ChannelRow): Promise<void> {
  const now = nowDate(ctx.clock);
  await updateChannelRow(tx, scope.organizationId, channel.id, { ...channel, enabled: false }, now);
  await withdrawWaiting(
    tx,
    scope.organizationId,
    channel.id,
    "The channel was switched off by the server's environment.",
    now,
  );
  await record(ctx, tx, scope, 'channel.updated', channel, {
    before: { enabled: true },
    after: { enabled: false },
  });
}

async function record(
  ctx: EnvironmentCtx,
  tx: Tx,
  scope: Scope,
  action: string,
  channel: { id: string; name: string },
  records: { before?: object; after?: object },
): Promise<void> {
  await audit(tx, scope, {
    action,
    target: { kind: 'channel', id: channel.id, name: channel.name },
    ...records,
  });
  await ctx.live.publish(tx, { organizationId: scope.organizationId, topic: 'channel', ids: [channel.id] });
}

/** Says at the start what every delivery would say; names may be slow to resolve, so nobody waits for it. */
function warnOfRefused(ctx: EnvironmentCtx, wanted: readonly Wanted[]): void {
  for (const { kind, name, config } of wanted) {
    for (const field of getChannelKind(kind).urls) {
      const url = config[field];
      if (typeof url !== 'string') continue;
      ctx.outbound.vet(url).catch((error: unknown) => {
        ctx.log.warn(
          { channel: name, reason: error instanceof Error ? error.message : String(error) },
          'a channel of the environment cannot be reached',
        );
      });
    }
  }
}
