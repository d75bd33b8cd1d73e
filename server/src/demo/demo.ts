import { permissions } from '@watchkeeper/contracts';
import {
  createApiKey,
  createOrganization,
  findOrganization,
  type ProviderScope,
  type Scope,
} from '#modules/identity';
import type { Ctx } from '#platform/context';
import { AppError } from '#platform/errors';
import { pastTrade, tradeNow } from './business.ts';
import { type DemoApi, demoApi } from './demo-api.ts';
import type { Peers } from './peers.ts';
import { type DemoDevice, demoDevices, demoManifest, demoName, demoSlug, speakingDevices } from './places.ts';
import { heartbeatOf, pastWeatherOf, seededRandom, weatherOf } from './story.ts';
import type { ThirdParties } from './third-parties.ts';
import { startWatched } from './watched.ts';

const beatSeconds = 5;
/** A short limit for silence, so that an offline device shows sooner than after two minutes. */
const silenceSeconds = 15;
const keyHours = 24;
const eventsPerRequest = 500;
/** Hours of past heartbeats, so that charts are not empty. Their interval is well below the limit for silence. */
const historyHours = 6;
const historyStepSeconds = 10;
/** Sent in batches, as an agent sends buffered heartbeats. */
const heartbeatsPerRequest = 720;

/**
 * Adds an organization that is marked as a demonstration, with a fleet that uses HTTP like real devices. It lives as
 * long as the process. The next start uses the same organization again.
 */
export async function startDemo(ctx: Ctx, address: string, peers: Peers): Promise<AsyncDisposable> {
  const { organizationId, isNew } = await demoOrganization(ctx);
  const key = await createApiKey(ctx, demoScope(organizationId), {
    name: 'Demonstration fleet',
    scopes: ['read', 'inventory:write', 'telemetry:write', 'rules:write', 'alerts:operate'],
    expires_at: new Date(ctx.clock.now() + keyHours * 3_600_000).toISOString(),
  });
  const api = demoApi(address.replace('0.0.0.0', '127.0.0.1').replace('[::]', '127.0.0.1'), key.key, ctx.log);
  await furnish(api, new Date(ctx.clock.now()));
  const watched = await startWatched(ctx, api, address, peers);
  // The past ends where the fleet starts to send, because creating the demonstration took some time.
  const began = new Date(ctx.clock.now());
  const fleet = createFleet(ctx, api, peers.thirdParties);
  // Only a new demonstration gets a past, while its fleet already sends. An older one has its own.
  const past = isNew ? recallPast(ctx, api, began, fleet.firstStep) : undefined;
  ctx.log.info(
    { reachable: peers.allowed },
    `the demonstration runs: organization "${demoSlug}", ${demoDevices.length} simulated devices, simulated third parties; nothing in it is real, and its checks may reach these loopback ports of its own`,
  );
  return {
    async [Symbol.asyncDispose]() {
      await past?.[Symbol.asyncDispose]();
      await watched[Symbol.asyncDispose]();
      await fleet[Symbol.asyncDispose]();
    },
  };
}

async function demoOrganization(ctx: Ctx): Promise<{ organizationId: string; isNew: boolean }> {
  // A system transaction, because it is not known yet whether the tenant exists.
  const known = await ctx.db.system((tx) => findOrganization(tx, demoSlug));
  if (known !== undefined) return { organizationId: known.id, isNew: false };
  const made = await createOrganization(ctx, demoProvider(), { slug: demoSlug, name: demoName });
  return { organizationId: made.id, isNew: true };
}

function demoScope(organizationId: string): Scope {
  return {
    organizationId,
    organizationSlug: demoSlug,
    caller: { kind: 'system', id: 'demo', name: 'Demonstration' },
    role: null,
    permissions: new Set(permissions),
    requestId: 'demo',
  };
}

function demoProvider(): ProviderScope {
  const { caller, requestId } = demoScope('');
  return {
    caller,
    requestId,
    organizationIds: null,
    permissions: new Set(permissions),
    within: async () => {
      throw new AppError('forbidden', 'The demonstration works in its own organization only.');
    },
  };
}

async function furnish(api: DemoApi, now: Date): Promise<void> {
  await api.post(`/api/v1/${demoSlug}/apply`, { manifest: demoManifest() });
  const random = seededRandom(7);
  const trade = [...pastTrade(now, random)];
  for (let from = 0; from < trade.length; from += eventsPerRequest) {
    await api.post(`/api/v1/${demoSlug}/events`, trade.slice(from, from + eventsPerRequest));
  }
  await api.shortenSilence(silenceSeconds);
}

/** Sends the hours before the start, latest first, one request at a time, in the background. */
function recallPast(ctx: Ctx, api: DemoApi, now: Date, firstStep: Promise<void>): AsyncDisposable {
  const random = seededRandom(11);
  let stopped = false;
  async function recall(): Promise<void> {
    // Wait until the fleet has sent its first heartbeats. Then old heartbeats are recognized as buffered. On first
    // contact, the server would believe their times.
    await firstStep;
    const spanSeconds = heartbeatsPerRequest * historyStepSeconds;
    for (let ago = 0; ago < historyHours * 3_600; ago += spanSeconds) {
      for (const device of speakingDevices) {
        if (stopped) return;
        await api.post('/heartbeats', pastBeats(device, now, ago, ago + spanSeconds, random));
      }
    }
  }
  const recalled = recall().catch((error: unknown) =>
    ctx.log.warn({ err: error }, 'the past heartbeats of the demonstration could not be sent'),
  );
  return {
    async [Symbol.asyncDispose]() {
      stopped = true;
      await recalled;
    },
  };
}

/** Oldest first, in the order of sending. */
function pastBeats(
  device: DemoDevice,
  now: Date,
  fromAgo: number,
  toAgo: number,
  random: () => number,
): object[] {
  const beats: object[] = [];
  for (let ago = toAgo; ago > fromAgo; ago -= historyStepSeconds) {
    const weather = pastWeatherOf(device, ago);
    if (weather.silent) continue;
    const at = new Date(now.getTime() - ago * 1_000);
    const beat = heartbeatOf(device, at, weather, random);
    beats.push({ ...identityOf(device), ...beat, sent_at: at.toISOString() });
  }
  return beats;
}

function identityOf(device: { slug: string; site: string }): object {
  return { device_id: device.slug, tenant_id: demoSlug, store_id: device.site };
}

/** One step every few seconds. A step that fails is logged, and the next one follows. */
function createFleet(
  ctx: Ctx,
  api: DemoApi,
  thirdParties: ThirdParties,
): AsyncDisposable & { firstStep: Promise<void> } {
  const random = seededRandom(ctx.clock.now() & 0xffff);
  const startedAt = ctx.clock.now();
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let step: Promise<void> = Promise.resolve();

  async function oneStep(): Promise<void> {
    const now = new Date(ctx.clock.now());
    const second = (now.getTime() - startedAt) / 1000;
    const speaking = speakingDevices.filter((device) => !weatherOf(device, second).silent);
    const sent = speaking.map((device) =>
      api.post('/heartbeat', {
        ...identityOf(device),
        ...heartbeatOf(device, now, weatherOf(device, second), random),
        sent_at: now.toISOString(),
      }),
    );
    const events = tradeNow(now, second, (device) => weatherOf(device, second), random);
    thirdParties.follow(now, second, events);
    if (events.length > 0) sent.push(api.post(`/api/v1/${demoSlug}/events`, events));
    await Promise.all(sent);
  }

  function next(): void {
    if (stopped) return;
    timer = setTimeout(() => {
      step = oneStep().catch((error: unknown) =>
        ctx.log.warn({ err: error }, 'the demonstration missed a step'),
      );
      void step.then(next);
    }, beatSeconds * 1000);
  }

  step = oneStep().catch((error: unknown) => ctx.log.warn({ err: error }, 'the demonstration missed a step'));
  void step.then(next);
  return {
    firstStep: step,
    async [Symbol.asyncDispose]() {
      stopped = true;
      clearTimeout(timer);
      await step;
    },
  };
}
