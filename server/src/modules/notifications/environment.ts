import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { systemScope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { addChannel, type ChannelWork, changeChannel } from './channel-writes.ts';
import { openChannel } from './open-channel.ts';
import { type ChannelConfig, getChannelKind, parseChannelConfig } from './registry.ts';
import { generateSecrets, keepSecrets } from './settings.ts';
import { type ChannelRow, findOrganizationBySlug, lockEnvironmentChannels, selectChannels } from './store.ts';

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
    const work: ChannelWork = { ctx, tx, scope };
    await lockEnvironmentChannels(tx, organization.id);
    const existing = (await selectChannels(tx, organization.id)).filter(
      (channel) => channel.managed_by === 'environment',
    );
    for (const want of wanted) {
      await ensureChannel(
        work,
        want,
        existing.find((channel) => channel.environment_key === want.key),
      );
    }
    for (const channel of existing) {
      if (channel.enabled && !wanted.some((want) => want.key === channel.environment_key)) {
        await switchOff(work, channel);
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
  work: ChannelWork,
  want: Wanted,
  existing: ChannelRow | undefined,
): Promise<void> {
  const kind = getChannelKind(want.kind);
  if (existing === undefined) {
    const { config } = generateSecrets(kind, parseChannelConfig(kind, want.config));
    const draft = {
      name: want.name,
      config,
      min_severity: 'low',
      enabled: true,
      escalation_only: false,
    } as const;
    await addChannel(work, kind, draft, want.key);
    return;
  }
  // The variable's own fields decide; a secret that was made here stays.
  const opened = openChannel(existing, work.ctx.vault);
  const before = opened.kind === undefined ? {} : opened.config;
  const { config } = generateSecrets(kind, parseChannelConfig(kind, keepSecrets(kind, want.config, before)));
  if (existing.enabled && isDeepStrictEqual(config, before)) return;
  await changeChannel(work, kind, existing, { ...existing, config, enabled: true });
}

/** Switched off, not deleted: its name, severity and ledger are there when the variable comes back. */
async function switchOff(work: ChannelWork, channel: ChannelRow): Promise<void> {
  const opened = openChannel(channel, work.ctx.vault);
  if (opened.kind === undefined) return;
  const draft = { ...channel, config: opened.config, enabled: false };
  await changeChannel(
    work,
    opened.kind,
    channel,
    draft,
    "The channel was switched off by the server's environment.",
  );
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
