import { type ChannelTest, deliveryOutcomes } from '@watchkeeper/contracts/notifications';
import { audit, findOrganization, requirePermission, type Scope } from '#modules/identity';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import { notFound } from '#platform/errors';
import { newId } from '#platform/ids';
import type { KindConfig } from '#platform/kinds/registry';
import { openConfig } from '#platform/kinds/secrets';
import { callbackPath } from '../inbound/callback-path.ts';
import type { ChannelKind } from '../kind.ts';
import type { Outcome, SendDeps } from '../outcome.ts';
import { channelKinds } from '../registry.ts';
import { composeTest } from '../topics/test-message.ts';
import { type ChannelRow, findChannel } from './store.ts';

const attemptTimeoutMs = 10_000;
/** Somebody is looking at a spinner: recipients beyond this time count as not reached. */
const testTimeoutMs = 20_000;
const atOnceMax = 10;

type TestCtx = Pick<Ctx, 'db' | 'clock' | 'vault' | 'outbound' | 'config'>;

/** Sends a real message to every recipient now, and answers with what the receivers answered. Nothing is retried. */
export async function testChannel(ctx: TestCtx, scope: Scope, id: string): Promise<ChannelTest> {
  requirePermission(scope, 'channels:write');
  const { organizationId } = scope;
  const found = await ctx.db.tenant(organizationId, async (tx) => ({
    channel: await findChannel(tx, organizationId, id),
    organization: await findOrganization(tx, organizationId),
  }));
  const { channel, organization } = found;
  if (channel === undefined || organization === undefined) throw notFound('channel');
  const kind = channelKinds.get(channel.kind);
  const config = openConfig(channel, ctx.vault);
  const signal = AbortSignal.timeout(testTimeoutMs);
  const results: ChannelTest['results'] = [];
  const recipients = kind.recipients(config);
  for (let start = 0; start < recipients.length; start += atOnceMax) {
    const batch = recipients.slice(start, start + atOnceMax).map(async ({ label: recipient }) => {
      const parts = {
        id: newId(),
        createdAt: nowDate(ctx.clock),
        organization,
        recipient,
        publicUrl: ctx.config.http.publicUrl,
      };
      const message = composeTest({ ...parts, channelName: channel.name, by: scope.caller.name });
      const started = ctx.clock.monotonic();
      const outcome = await sendTest(ctx, kind, config, message, signal);
      return toResult(recipient, outcome, ctx.clock.monotonic() - started);
    });
    results.push(...(await Promise.all(batch)));
  }
  const connected = await registerCallback(ctx, channel, kind, config, signal);
  if (connected !== undefined) results.push(connected);
  const answer = summarize(results);
  await ctx.db.tenant(organizationId, (tx) =>
    audit(tx, scope, {
      action: 'channel.tested',
      target: { kind: 'channel', id, name: channel.name },
      after: { outcome: answer.outcome, reason: answer.reason ?? null },
    }),
  );
  return answer;
}

async function sendTest(
  ctx: TestCtx,
  kind: ChannelKind,
  config: KindConfig,
  message: ReturnType<typeof composeTest>,
  signal: AbortSignal,
): Promise<Outcome> {
  const { config: settings, clock, outbound } = ctx;
  const deps: SendDeps = { config: settings, clock, outbound, signal, timeoutMs: attemptTimeoutMs };
  return await kind.send(config, message, deps);
}

function toResult(recipient: string, outcome: Outcome, durationMs: number): ChannelTest['results'][number] {
  return {
    recipient,
    outcome: outcome.outcome,
    ...('reason' in outcome ? { reason: outcome.reason } : {}),
    ...(outcome.detail === undefined ? {} : { detail: outcome.detail }),
    ...('status' in outcome && outcome.status !== undefined ? { status: outcome.status } : {}),
    duration_ms: Math.round(durationMs),
  };
}

/** Tells the third party where to call us, if it takes that from us; a person sees at once whether it did. */
async function registerCallback(
  ctx: TestCtx,
  { id }: ChannelRow,
  kind: ChannelKind,
  config: KindConfig,
  signal: AbortSignal,
): Promise<ChannelTest['results'][number] | undefined> {
  if (kind.inbound?.register === undefined || !kind.inbound.accepts(config)) return undefined;
  const { config: settings, clock, outbound } = ctx;
  const callbackUrl = `${settings.http.publicUrl}${callbackPath(kind.kind, id)}`;
  const deps: SendDeps = { config: settings, clock, outbound, signal, timeoutMs: attemptTimeoutMs };
  const started = clock.monotonic();
  const outcome = await kind.inbound.register(config, callbackUrl, deps);
  return toResult(`buttons: ${callbackUrl}`, outcome, clock.monotonic() - started);
}

/** The worst result speaks for the channel. */
function summarize(results: ChannelTest['results']): ChannelTest {
  const worst = results.toSorted(
    (a, b) => deliveryOutcomes.indexOf(b.outcome) - deliveryOutcomes.indexOf(a.outcome),
  )[0];
  if (worst === undefined) return { outcome: 'permanent', reason: 'The channel has no recipient.', results };
  const { recipient: _recipient, ...said } = worst;
  return { ...said, results };
}
