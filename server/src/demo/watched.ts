import type { Ctx } from '#platform/context';
import type { DemoApi } from './demo-api.ts';
import type { Peers } from './peers.ts';
import { demoSlug } from './places.ts';
import type { Listening } from './simulators/listen.ts';

const backupSeconds = 40;
const backupRunMs = 1_500;
const pingTimeoutMs = 5_000;
const loopback = '127.0.0.1';

/** A watched web service, third parties, a script that checks in, and maintenance windows. */
export async function startWatched(
  ctx: Ctx,
  api: DemoApi,
  address: string,
  { booking, thirdParties }: Peers,
): Promise<AsyncDisposable> {
  const { sources, checks } = thirdParties.manifest();
  await api.post(`/api/v1/${demoSlug}/apply`, {
    manifest: { sources, checks: [...checksOf(booking, address), ...checks] },
  });
  await api.ensure(`/api/v1/${demoSlug}/maintenance`, 'weekly-care', weeklyCare);
  await api.ensure(
    `/api/v1/${demoSlug}/maintenance`,
    'bay-5-projector',
    projectorSwap(new Date(ctx.clock.now())),
  );
  const backup = await api.ensure(`/api/v1/${demoSlug}/checks`, 'nightly-backup', nightlyBackup);
  return startBackupScript(ctx, pingUrlOf(backup, address));
}

const weeklyCare = {
  location: 'leeds',
  systems: ['type:trackman_pc'],
  start_time: '2026-01-06T06:00',
  end_time: '2026-01-06T07:30',
  recurrence: 'FREQ=WEEKLY;BYDAY=TU',
  reason: 'Projector lamps and filters',
  auto_reply: 'We are caring for the bays this morning and are open again at 07:30.',
};

const swapBeganMinutesAgo = 20;
const swapMinutes = 180;

/** A window that is always running while the demonstration runs: one bay is silent, and nobody is notified. */
function projectorSwap(now: Date): object {
  const minutesFromNow = (minutes: number) => new Date(now.getTime() + minutes * 60_000).toISOString();
  return {
    location: 'perth',
    systems: ['area:bay-5'],
    start_time: minutesFromNow(-swapBeganMinutesAgo),
    end_time: minutesFromNow(swapMinutes),
    reason: 'A new projector in Bay 5',
    auto_reply: 'Bay 5 gets a new projector and is back this afternoon.',
  };
}

const nightlyBackup = {
  kind: 'ping',
  name: 'Backup of the bookings',
  site: 'perth',
  config: { period: 60, grace: 60 },
};

function checksOf({ url, port }: Listening, address: string): object[] {
  const { hostname, port: own } = new URL(address);
  const isOnLoopback = ['0.0.0.0', '[::]', loopback].includes(hostname);
  return [
    {
      slug: 'booking-page',
      kind: 'http',
      name: 'Booking page',
      site: 'dartmouth',
      interval: 10,
      config: {
        url: `${url}/booking`,
        json: [{ path: '$.status', equals: 'ok' }],
        time_ms_max: 1_500,
      },
    },
    {
      slug: 'payment-provider',
      kind: 'http',
      name: 'Payment provider',
      site: 'leeds',
      interval: 15,
      config: { url: `${url}/payment`, json: [{ path: '$.payment.provider', equals: 'up' }] },
    },
    {
      slug: 'booking-port',
      kind: 'tcp',
      name: 'Booking server, port',
      site: 'dartmouth',
      interval: 20,
      config: { host: loopback, port },
    },
    // Only on loopback: a server that listens on another address cannot be reached at this one.
    ...(isOnLoopback
      ? [
          {
            slug: 'watchkeeper',
            kind: 'http',
            name: 'Watchkeeper itself',
            interval: 15,
            config: {
              url: `http://${loopback}:${own}/health/ready`,
              json: [{ path: '$.status', equals: 'pass' }],
            },
          },
        ]
      : []),
  ];
}

/** The script's ping URL at the address where this process listens. @throws when the answer has no URL. */
function pingUrlOf(check: unknown, address: string): string {
  const url = typeof check === 'object' && check !== null && 'ping_url' in check ? check.ping_url : undefined;
  if (typeof url !== 'string') throw new Error('The demonstration was given no ping URL.');
  const here = new URL(address.replace('0.0.0.0', '127.0.0.1').replace('[::]', '127.0.0.1'));
  return here.origin + new URL(url).pathname;
}

/** Like a crontab with curl: start, work, done. */
function startBackupScript(ctx: Ctx, url: string): AsyncDisposable {
  const stop = new AbortController();
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      stop.signal.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  const call = async (path: string, body?: string): Promise<void> => {
    const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(pingTimeoutMs)]);
    await fetch(url + path, { method: 'POST', signal, ...(body === undefined ? {} : { body }) });
  };
  const life = (async () => {
    while (!stop.signal.aborted) {
      try {
        await call('/start');
        await pause(backupRunMs);
        await call('', 'bookings: 1204 rows, 3.1 MB written');
      } catch (error) {
        if (!stop.signal.aborted) ctx.log.warn({ err: error }, 'the demonstration missed a backup');
      }
      await pause(backupSeconds * 1_000);
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await life;
    },
  };
}
