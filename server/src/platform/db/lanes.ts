import type pg from 'pg';
import { databaseAway } from './database.ts';

interface LanesOptions<Session> {
  readonly count: number;
  readonly connect: () => Promise<pg.Client>;
  /** Makes a fresh connection ready. */
  readonly open: (client: pg.Client) => Promise<Session>;
  /** Whether this error makes the connection useless; a fresh one takes its place. */
  readonly losesLane: (error: unknown) => boolean;
  /** Work that takes longer ends with `database_unavailable`. */
  readonly workMs: number;
}

/**
 * A few connections of its own, each opened when first needed, so that batches do not wait for page views.
 */
export interface Lanes<Session> extends AsyncDisposable {
  /** @throws what `work` throws; database_unavailable; an Error when all lanes are taken */
  use<T>(work: (session: Session) => Promise<T>): Promise<T>;
}

interface Lane<Session> {
  held: { readonly client: pg.Client; readonly session: Session } | undefined;
  busy: boolean;
}

export function createLanes<Session>(options: LanesOptions<Session>): Lanes<Session> {
  const lanes: Lane<Session>[] = Array.from({ length: options.count }, () => ({
    held: undefined,
    busy: false,
  }));

  async function open(lane: Lane<Session>): Promise<Session> {
    const client = await options.connect();
    const lost = () => {
      if (lane.held?.client === client) lane.held = undefined;
    };
    client.on('error', lost);
    client.on('end', lost);
    try {
      lane.held = { client, session: await options.open(client) };
      return lane.held.session;
    } catch (error) {
      // Otherwise every batch would try again, and each try would leave a connection behind.
      client.end().catch(() => undefined);
      throw error;
    }
  }

  return {
    async use(work) {
      const lane = lanes.find((candidate) => !candidate.busy);
      if (lane === undefined) throw new Error('More batches than lanes.');
      lane.busy = true;
      try {
        return await bounded(work(lane.held?.session ?? (await open(lane))), options.workMs);
      } catch (error) {
        if (options.losesLane(error)) {
          lane.held?.client.end().catch(() => undefined);
          lane.held = undefined;
        }
        throw error;
      } finally {
        lane.busy = false;
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.allSettled(lanes.map((lane) => lane.held?.client.end()));
    },
  };
}

/**
 * A server that is cut off during a statement never answers, but callers must get an answer.
 * @throws
 * database_unavailable
 */
export async function bounded<T>(work: Promise<T>, ms: number): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(databaseAway()), ms);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
