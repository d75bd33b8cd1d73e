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
/** The demonstration's own limit for silence, so that nobody has to wait two minutes to see it. */
const silenceSeconds = 15;
const keyHours = 24;
const eventsPerRequest = 500;
/** Past heartbeats, so that charts have a past: this many hours, at a pace well within the limit for silence. */
const historyHours = 6;
const historyStepSeconds = 10;
/** As an agent would hand in what it had buffered. */
const heartbeatsPerRequest = 720;

/**
 * Adds an organization that says it is a demonstration, with a fleet that speaks over HTTP as real devices do.
 * It lives as long as the process; a second start takes the same organization up again.
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
  // The past ends where the fleet begins to speak: furnishing took its time.
  const began = new Date(ctx.clock.now());
  const fleet = createFleet(ctx, api, peers.thirdParties);
  // What a fleet lived through before is known: only a new one is given a past, while it already speaks.
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
  // A system transaction: whether the tenant exists is asked from outside of it.
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

/** Hands in the hours before the start, latest first, one request at a time: nobody has to wait for it. */
function recallPast(ctx: Ctx, api: DemoApi, now: Date, firstStep: Promise<void>): AsyncDisposable {
  const random = seededRandom(11);
  let stopped = false;
  async function recall(): Promise<void> {
    // Against a heartbeat of now it is plain what waited; a first contact is taken for what it says.
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
    ctx.log.warn({ err: error }, 'the demonstration has no past'),
  );
  return {
    async [Symbol.asyncDispose]() {
      stopped = true;
      await recalled;
    },
  };
}

/** Oldest first, as they were sent. */
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

/** One step every few seconds; a step that fails is logged and the next one comes anyway. */
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
