import type { Reading } from './beat.ts';
import { readHost } from './host.ts';
import { lockFolder } from './lock.ts';
import { createPost } from './post.ts';
import { openQueue } from './queue.ts';
import { createSender, type SenderState, type Stored } from './sender.ts';
import { openSequence } from './sequence.ts';
import { type AgentSettings, intervalMsMin } from './settings.ts';

export type Log = (level: 'info' | 'warn', message: string) => void;

export interface AgentOptions {
  /**
   * Returns the content of each heartbeat apart from its sender. Default: this machine's CPU, memory, disk and network.
   */
  readonly read?: () => Promise<Reading>;
  readonly log?: Log;
}

export interface Agent {
  /** Sends heartbeats until `stop`. */
  start(): void;
  /** Sends one heartbeat now. Resolves when it is accepted or saved on disk. */
  beat(): Promise<void>;
  /** Ends the loop and releases the folder. Heartbeats on disk are sent after the next start. */
  stop(): Promise<void>;
  readonly state: SenderState;
}

/** Used until the server has told its limit. */
const defaultIntervalMs = 30_000;
/** Two of three heartbeats may be lost before the server calls the device silent. */
const beatsPerLimit = 3;
const serverIntervalMsMax = 60_000;
/** A random delay, so that a fleet that is switched on at once does not call at once. */
const startSpreadMs = 2_000;
const jitterShare = 0.1;

/** @throws Error when another agent uses the folder, or when it cannot be written. */
export function createAgent(settings: AgentSettings, options: AgentOptions = {}): Agent {
  const log = options.log ?? (() => undefined);
  const read = options.read ?? readHost;
  const unlock = lockFolder(settings.dataDir);
  const sequence = openSequence(settings.dataDir);
  const queue = openQueue<Stored>(settings.dataDir);
  const post = createPost(settings.url, settings.token);
  const sender = createSender({ post, queue, now: Date.now, log });
  const stopping = new AbortController();
  let running: Promise<void> | undefined;
  let warned = false;

  function intervalMs(): number {
    const limit = sender.serverLimitMs;
    if (settings.intervalMs !== undefined) {
      if (limit !== undefined && settings.intervalMs > limit / 2 && !warned) {
        warned = true;
        log(
          'warn',
          `the interval of ${settings.intervalMs / 1_000} s is long: silence of ${limit / 1_000} s counts as offline`,
        );
      }
      return settings.intervalMs;
    }
    if (limit === undefined) return defaultIntervalMs;
    return Math.max(intervalMsMin, Math.min(serverIntervalMsMax, limit / beatsPerLimit));
  }

  async function beat(): Promise<void> {
    const at = Date.now();
    const { metrics, status = 'ok', ...figures } = await read();
    const { queued, clockOffsetMs } = sender.state;
    await sender.send({
      at,
      beat: {
        device_id: settings.device,
        tenant_id: settings.tenant,
        store_id: settings.store,
        status,
        sequence: sequence.next(),
        ...(settings.appVersion === undefined ? {} : { app_version: settings.appVersion }),
        ...figures,
        metrics: {
          agent_queued: queued,
          ...(clockOffsetMs === undefined ? {} : { clock_offset_sec: Math.round(clockOffsetMs / 100) / 10 }),
          ...metrics,
        },
      },
    });
  }

  async function run(): Promise<void> {
    let nextAt = Date.now() + Math.random() * startSpreadMs;
    while (!stopping.signal.aborted) {
      const wakeAt = Math.min(nextAt, sender.retryAt ?? nextAt);
      await sleep(wakeAt - Date.now(), stopping.signal);
      if (stopping.signal.aborted) return;
      try {
        if (Date.now() >= nextAt) {
          nextAt = Date.now() + intervalMs() * (1 + (Math.random() - 0.5) * 2 * jitterShare);
          await beat();
        } else {
          await sender.flush();
        }
      } catch (error) {
        // For example, the disk is full. Only this heartbeat is lost; the loop goes on.
        log('warn', `a heartbeat could not be kept: ${error instanceof Error ? error.message : error}`);
      }
    }
  }

  return {
    start() {
      running ??= run();
    },
    beat,
    async stop() {
      stopping.abort();
      await running;
      unlock();
    },
    get state() {
      return sender.state;
    },
  };
}

/** A minimum, so that the loop cannot spin when the clock jumps back and forth. */
const sleepMsMin = 50;

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(finish, Math.max(sleepMsMin, ms));
    signal.addEventListener('abort', finish, { once: true });
    function finish(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      resolve();
    }
  });
}
