import type { Ctx } from '#platform/context';
import { openConfig } from '#platform/kinds/secrets';
import { restMs } from '#platform/rest';
import { createWakeful } from '#platform/wakeful';
import { readSupport, type Support, supportedKinds } from '../channels/support.ts';
import { channelKinds } from '../registry.ts';
import { listTopics, type Topic } from '../topics/topic.ts';
import type { ClaimRequest } from './claim.ts';
import { deliverMessage } from './deliver.ts';
import { claimSeconds } from './delivery-job.ts';
import { type DueMessage, selectDueMessages } from './due-store.ts';
import { createSlots, perTenantOfTargetMax } from './slots.ts';

/** How often each process looks for due messages. NOTIFY wakes it earlier, but may be lost. */
const pollMs = 1_000;
/** Messages that one look considers. */
const pageMax = 200;
/** `work --once` stops here even when more is due; cron calls again. */
const passesMax = 500;

export interface Deliveries extends AsyncDisposable {
  /** Begins to plan and to send in this process. */
  start(): void;
  /** Plans and sends everything that is due now; for cron. */
  once(signal: AbortSignal): Promise<number>;
}

/** Lets every topic plan, and sends messages. The work is in the rows, so any process can do it. */
export function createDeliveries(ctx: Ctx): Deliveries {
  const slots = createSlots();
  const underWay = new Map<
    string,
    { organizationId: string; channelId: string | null; done: Promise<void> }
  >();
  const stop = new AbortController();

  /** Begins as many attempts as there are free places; returns how many. */
  async function send(signal: AbortSignal): Promise<number> {
    const support = await readSupport(ctx);
    const due = await ctx.db.system((tx) =>
      // Across tenants: due messages are read in fair turns of all organizations.
      selectDueMessages(tx, {
        perChannel: perTenantOfTargetMax,
        limit: pageMax,
        kinds: kindsFor(ctx, support),
        topics: planners.map(({ topic }) => topic.topic),
        busyChannels: busyChannels(),
      }),
    );
    let begun = 0;
    for (const message of fairly(due)) {
      if (underWay.has(message.id)) continue;
      const release = slots.take({
        organizationId: message.organizationId,
        kind: message.kind ?? '',
        target: targetOf(ctx, message),
      });
      if (release === undefined) continue;
      begun += 1;
      const job = { organizationId: message.organizationId, messageId: message.id, support };
      const done = attempt(job, signal).finally(() => {
        release();
        underWay.delete(message.id);
        sender.wake();
      });
      underWay.set(message.id, { ...message, done });
    }
    return begun;
  }

  /** The organization with the fewest attempts under way comes first, so that a large backlog does not block a small one. */
  function fairly(due: readonly DueMessage[]): DueMessage[] {
    const own = new Map<string, number>();
    for (const { organizationId } of underWay.values())
      own.set(organizationId, (own.get(organizationId) ?? 0) + 1);
    const turn = (message: DueMessage) => message.place + (own.get(message.organizationId) ?? 0);
    return due.toSorted((a, b) => turn(a) - turn(b));
  }

  /** Channels that have all the places that one may have: their backlog must not fill the page. */
  function busyChannels(): string[] {
    const counts = new Map<string, number>();
    for (const { channelId } of underWay.values())
      if (channelId !== null) counts.set(channelId, (counts.get(channelId) ?? 0) + 1);
    return [...counts].filter(([, count]) => count >= perTenantOfTargetMax).map(([channelId]) => channelId);
  }

  async function attempt(job: ClaimRequest, signal: AbortSignal): Promise<void> {
    // When the claim has run out, the place is free again, even if the channel's code still waits.
    const bound = AbortSignal.any([signal, AbortSignal.timeout(claimSeconds * 1000)]);
    try {
      await Promise.race([deliverMessage(ctx, job, bound), rejectOn(bound)]);
    } catch (error) {
      ctx.log.warn(
        { err: error, message_id: job.messageId },
        'an attempt ended without a result; its message comes up again when its claim has run out',
      );
    }
  }

  /** A loop for each topic: one that cannot plan keeps no other from it. */
  const planners = listTopics(ctx).map((topic) => ({ topic, loop: plannerOf(topic) }));
  function plannerOf(topic: Topic) {
    return createWakeful({
      name: `delivery.plan.${topic.topic}`,
      pollMs: restMs(ctx.config, pollMs),
      log: ctx.log,
      look: async (signal) => {
        if ((await topic.plan(ctx, signal)) > 0) sender.wake();
      },
    });
  }
  const sender = createWakeful({
    name: 'delivery.send',
    pollMs: restMs(ctx.config, pollMs),
    log: ctx.log,
    look: async () => {
      await send(stop.signal);
    },
  });
  const unsubscribe = ctx.live.subscribe(null, ({ topic }) => {
    for (const planner of planners)
      if (planner.topic.wakes.includes(topic) || topic === 'resync') planner.loop.wake();
    if (topic === 'notification' || topic === 'resync') sender.wake();
  });

  return {
    start() {
      for (const { loop } of planners) loop.start();
      sender.start();
    },
    async once(signal) {
      let done = 0;
      for (let pass = 0; pass < passesMax && !signal.aborted; pass += 1) {
        let planned = 0;
        for (const { topic } of planners) planned += await topic.plan(ctx, signal);
        const begun = await send(signal);
        await Promise.all([...underWay.values()].map((one) => one.done));
        done += begun;
        if (planned === 0 && begun === 0) break;
      }
      return done;
    },
    async [Symbol.asyncDispose]() {
      unsubscribe();
      for (const { loop } of planners) await loop[Symbol.asyncDispose]();
      await sender[Symbol.asyncDispose]();
      await Promise.race([
        Promise.allSettled([...underWay.values()].map((one) => one.done)),
        after(stopMsMax),
      ]);
      stop.abort(new Error('The process is stopping.'));
      await Promise.allSettled([...underWay.values()].map((one) => one.done));
    },
  };
}

/** On stop, attempts under way may finish within this time. After it, another process sends them again with the same id. */
const stopMsMax = 10_000;

/** Kinds that this process can send, and kinds that nobody can: messages of those are closed with the reason. */
function kindsFor(ctx: Ctx, support: Support): string[] {
  const own = new Set(supportedKinds(ctx.config));
  return channelKinds.all.map(({ kind }) => kind).filter((kind) => own.has(kind) || !support.has(kind));
}

function targetOf(ctx: Ctx, message: DueMessage): string {
  const kind = message.kind === null ? undefined : channelKinds.find(message.kind);
  const own = message.channelId ?? message.recipient;
  if (kind === undefined) return own;
  try {
    const config =
      message.channelId === null ? kind.addressed?.(message.recipient) : openConfig(message, ctx.vault);
    return config === undefined ? own : kind.target(config, ctx.config);
  } catch {
    // Sealed under another key: the claim closes it with that reason.
    return own;
  }
}

function rejectOn(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  if (signal.aborted) reject(signal.reason);
  else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  return promise;
}

async function after(ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  setTimeout(resolve, ms).unref();
  await promise;
}
