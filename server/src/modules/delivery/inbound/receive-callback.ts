import { audit, channelScope, findOrganization, type Scope } from '#modules/identity';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import type { KindConfig } from '#platform/kinds/registry';
import { openConfig } from '#platform/kinds/secrets';
import { type ChannelRow, findChannel } from '../channels/store.ts';
import type { ChannelKind } from '../kind.ts';
import { findTopic } from '../topics/topic.ts';
import type { Callback, InboundRequest, Said, Verdict } from './inbound.ts';
import { findOrganizationOfChannel, markCallback } from './store.ts';

/** Slack gives up after 3 s; the action itself takes a few milliseconds of it. */
const replyTimeoutMs = 2_000;

export interface CallbackRequest extends InboundRequest {
  readonly channelId: string;
  readonly requestId: string;
  readonly ip: string;
}

interface Addressed {
  readonly channel: ChannelRow;
  readonly organization: { readonly id: string; readonly slug: string };
}

/**
 * Takes one callback of a third party: checks that it is genuine and new, has its topic carry the action out, and
 * answers the person. Returns false when it is not genuine, and why in the log alone.
 */
export async function receiveCallback(
  ctx: Ctx,
  kind: ChannelKind,
  request: CallbackRequest,
): Promise<boolean> {
  const addressed = await findAddressed(ctx, kind, request.channelId);
  const config = addressed === undefined ? undefined : openConfig(addressed.channel, ctx.vault);
  const verdict = verify(ctx, kind, config, request);
  if (addressed === undefined || config === undefined || !verdict.genuine) {
    const reason = verdict.genuine ? undefined : verdict.reason;
    ctx.log.info({ kind: kind.kind, channel_id: request.channelId, reason }, 'a callback was refused');
    return false;
  }
  const { channel, organization } = addressed;
  const callback = kind.inbound?.read(request, config);
  if (callback === undefined) return true;
  const isNew = await ctx.db.tenant(organization.id, (tx) =>
    markCallback(tx, organization.id, channel.id, verdict.mark, nowDate(ctx.clock)),
  );
  // A copy: its action was carried out before, and is not carried out again.
  if (!isNew) return true;
  const said = await carryOut(ctx, addressed, callback, request);
  await reply(ctx, channel, callback, said);
  return true;
}

/** Across tenants: the address names the channel alone, and the signature says whether it may. */
async function findAddressed(ctx: Ctx, kind: ChannelKind, channelId: string): Promise<Addressed | undefined> {
  return await ctx.db.system(async (tx) => {
    const organizationId = await findOrganizationOfChannel(tx, kind.kind, channelId);
    if (organizationId === undefined) return undefined;
    const channel = await findChannel(tx, organizationId, channelId);
    const organization = await findOrganization(tx, organizationId);
    return channel === undefined || organization === undefined ? undefined : { channel, organization };
  });
}

function verify(
  ctx: Ctx,
  kind: ChannelKind,
  config: KindConfig | undefined,
  request: InboundRequest,
): Verdict {
  if (config === undefined) return { genuine: false, reason: 'There is no such channel.' };
  const verdict = kind.inbound?.verify(config, request, ctx.clock.now());
  return verdict ?? { genuine: false, reason: 'The kind takes no callbacks.' };
}

/** The action, and the record that this channel asked for it; its module audits the action itself. */
async function carryOut(
  ctx: Ctx,
  { channel, organization }: Addressed,
  callback: Callback,
  request: CallbackRequest,
): Promise<Said> {
  const { action, topic, subjectId, actor } = callback;
  const acts = findTopic(ctx, topic)?.actions;
  const scope = channelScope(organization, {
    channel: { id: channel.id, name: channel.name },
    actor: actor.name,
    permissions: acts === undefined ? [] : [acts.permission],
    requestId: request.requestId,
    ip: request.ip,
  });
  const said = await attempt(ctx, scope);
  await ctx.db.tenant(organization.id, (tx) =>
    audit(tx, scope, {
      action: 'channel.called_back',
      target: { kind: 'channel', id: channel.id, name: channel.name },
      after: { action, topic, subject_id: subjectId, actor_id: actor.id, ...said },
    }),
  );
  return said;

  async function attempt(own: Ctx, within: Scope): Promise<Said> {
    if (!channel.enabled) return refused('The channel is switched off in Watchkeeper.');
    if (acts === undefined) return refused('Watchkeeper does not know this button any more.');
    return await acts.carryOut(own, within, { action, subjectId, actor });
  }
}

function refused(words: string): Said {
  return { outcome: 'refused', words, left: [] };
}

/** The action is done, whether or not its sender can be told: the alert's own end tells the channel. */
async function reply(ctx: Ctx, channel: ChannelRow, callback: Callback, said: Said): Promise<void> {
  const { config, clock, outbound } = ctx;
  const signal = AbortSignal.timeout(replyTimeoutMs);
  const outcome = await callback.reply(said, { config, clock, outbound, signal, timeoutMs: replyTimeoutMs });
  if (outcome.outcome === 'sent') return;
  ctx.log.warn(
    { channel: channel.name, reason: outcome.reason },
    'the answer to a callback could not be sent',
  );
}
