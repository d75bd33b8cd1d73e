import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import { findOrganization, systemScope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import type { KindConfig } from '#platform/kinds/registry';
import { keepSecrets } from '#platform/kinds/secrets';
import { channelKinds } from '../registry.ts';
import { addChannel, type ChannelWork, changeChannel } from './channel-writes.ts';
import { generateSecrets } from './generate-secrets.ts';
import { openChannel } from './open-channel.ts';
import { type ChannelRow, lockEnvironmentChannels, selectChannels } from './store.ts';
import { declare, forgetDeclarations, readDeclarations, supportedKinds } from './support.ts';

interface Wanted {
  readonly key: string;
  readonly kind: string;
  readonly name: string;
  readonly config: KindConfig;
}

type EnvironmentCtx = Pick<
  Ctx,
  'config' | 'db' | 'clock' | 'vault' | 'live' | 'events' | 'log' | 'outbound' | 'parts' | 'process'
>;

/**
 * EMAIL_RECIPIENTS, SLACK_WEBHOOK_URL and WEBHOOK_URLS as channels of the bootstrap organization, for a server
 * that stays. Its role declares what its variables name; those are made and updated. A channel is switched
 * off only by the role that had declared it, and only when no other role still does, so that a process never
 * switches off a channel that it does not know. Safe with several processes starting at once.
 */
export async function ensureEnvironmentChannels(ctx: EnvironmentCtx): Promise<void> {
  const { role } = ctx.process;
  await followEnvironment(ctx, async (tx, wanted, existing) => {
    const before = await readDeclarations(tx);
    const elsewhere = new Set(before.filter((one) => one.role !== role).flatMap((one) => one.channels));
    // An older release wrote no declarations. If this server has all roles, those channels were its own.
    const known =
      before.length === 0 && role === 'all'
        ? keysOf(existing)
        : before.find((one) => one.role === role)?.channels;
    await declare(tx, role, { channels: keysOf(wanted), kinds: supportedKinds(ctx.config) });
    return existing.filter(
      ({ environment_key: key }) => key !== null && known?.includes(key) === true && !elsewhere.has(key),
    );
  });
}

/** For `watchkeeper channels sync`: the variables of this shell decide, whatever other processes declared before. */
export async function syncEnvironmentChannels(ctx: EnvironmentCtx): Promise<ChannelSync> {
  return await followEnvironment(ctx, async (tx, wanted, existing) => {
    await forgetDeclarations(tx);
    await declare(tx, 'all', { channels: keysOf(wanted), kinds: supportedKinds(ctx.config) });
    return existing;
  });
}

/** A pass from cron changes no channel. It logs a warning when its variables name one that does not exist. */
export async function warnOfUnknownChannels(ctx: EnvironmentCtx): Promise<void> {
  const wanted = wantedChannels(ctx.config);
  if (wanted.length === 0) return;
  const { rows } = await ctx.db.system((tx) =>
    // Before any tenant is known: environment keys are the install's own.
    sql<{
      key: string;
    }>`select environment_key as key from channels where enabled and environment_key is not null`.execute(tx),
  );
  const known = new Set(rows.map((row) => row.key));
  for (const { key, name } of wanted) {
    if (!known.has(key))
      ctx.log.warn(
        { channel: name },
        'the environment names a channel that is not set up: run "watchkeeper channels sync"',
      );
  }
}

/** Names of the channels that were made, changed and switched off. */
export interface ChannelSync {
  readonly made: string[];
  readonly changed: string[];
  readonly switchedOff: string[];
}

async function followEnvironment(
  ctx: EnvironmentCtx,
  own: (tx: Tx, wanted: readonly Wanted[], existing: readonly ChannelRow[]) => Promise<readonly ChannelRow[]>,
): Promise<ChannelSync> {
  const sync: ChannelSync = { made: [], changed: [], switchedOff: [] };
  const wanted = wantedChannels(ctx.config);
  // Before any request: no tenant is known but the one that the environment names.
  await ctx.db.system(async (tx) => {
    const organization = await findOrganization(tx, ctx.config.bootstrap.organizationSlug);
    if (organization === undefined) return;
    const scope = systemScope(organization.id, organization.slug, 'environment');
    const work: ChannelWork = { ctx, tx, scope };
    await lockEnvironmentChannels(tx, organization.id);
    const existing = (await selectChannels(tx, organization.id)).filter(
      (channel) => channel.managed_by === 'environment',
    );
    const mine = await own(tx, wanted, existing);
    for (const want of wanted) {
      const channel = existing.find((one) => one.environment_key === want.key);
      const did = await ensureChannel(work, want, channel);
      if (did !== undefined) sync[did].push(channel?.name ?? want.name);
    }
    for (const channel of mine) {
      if (channel.enabled && !wanted.some((want) => want.key === channel.environment_key)) {
        await switchOff(work, channel);
        sync.switchedOff.push(channel.name);
      }
    }
  });
  for (const name of sync.switchedOff)
    ctx.log.warn({ channel: name }, 'a channel was switched off: the environment names it no more');
  warnOfRefused(ctx, wanted);
  return sync;
}

function keysOf(channels: readonly (Wanted | ChannelRow)[]): string[] {
  return channels.flatMap((one) => ('key' in one ? one.key : (one.environment_key ?? [])));
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
): Promise<'made' | 'changed' | undefined> {
  const kind = channelKinds.get(want.kind);
  if (existing === undefined) {
    const { config } = generateSecrets(kind, channelKinds.parse(kind, want.config));
    const draft = {
      name: want.name,
      config,
      min_severity: 'low',
      enabled: true,
      escalation_only: false,
      routing: null,
    } as const;
    await addChannel(work, kind, draft, want.key);
    return 'made';
  }
  // The variable's own fields decide; a secret that was made here stays.
  const opened = openChannel(existing, work.ctx.vault);
  const before = opened.kind === undefined ? {} : opened.config;
  const { config } = generateSecrets(kind, channelKinds.parse(kind, keepSecrets(kind, want.config, before)));
  if (existing.enabled && isDeepStrictEqual(config, before)) return undefined;
  await changeChannel(work, kind, existing, { ...existing, config, enabled: true });
  return 'changed';
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

/** Logs at the start what every delivery would report. The start does not wait for it, because names may resolve slowly. */
function warnOfRefused(ctx: EnvironmentCtx, wanted: readonly Wanted[]): void {
  for (const { kind, name, config } of wanted) {
    for (const field of channelKinds.get(kind).urls) {
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
