/** How well the page hears the server. Pure, so that every path through it is tested. */
export type Connection =
  | { state: 'connecting'; attempt: number; since: number | null }
  | { state: 'live'; lastSignalAt: number }
  | { state: 'lost'; attempt: number; since: number }
  | { state: 'paused' };

export type ConnectionEvent =
  | { kind: 'opening' }
  | { kind: 'signal'; at: number }
  | { kind: 'failed'; at: number }
  | { kind: 'paused' };

export const notConnected: Connection = { state: 'connecting', attempt: 0, since: null };

/** One failure is an hour-long stream ending or a server restarting; people are told from the second on. */
const quietFailures = 1;

export function nextConnection(now: Connection, event: ConnectionEvent): Connection {
  switch (event.kind) {
    case 'opening':
      return now.state === 'paused' ? notConnected : now;
    case 'signal':
      return { state: 'live', lastSignalAt: event.at };
    case 'paused':
      return { state: 'paused' };
    case 'failed':
      return afterFailure(now, event.at);
  }
}

function afterFailure(now: Connection, at: number): Connection {
  switch (now.state) {
    case 'live':
      return { state: 'connecting', attempt: 1, since: at };
    case 'connecting': {
      const attempt = now.attempt + 1;
      const since = now.since ?? at;
      return { state: attempt <= quietFailures ? 'connecting' : 'lost', attempt, since };
    }
    case 'lost':
      return { ...now, attempt: now.attempt + 1 };
    case 'paused':
      return now;
  }
}

export function attemptOf(connection: Connection): number {
  return connection.state === 'connecting' || connection.state === 'lost' ? connection.attempt : 0;
}

const backoffMsFirst = 500;
const backoffMsMax = 20_000;

/** Doubling with full jitter above half, so that a restarted server is not met by every screen at once. */
export function backoffMs(attempt: number, random: number, retryAfterSeconds: number | undefined): number {
  const ceiling = Math.min(backoffMsMax, backoffMsFirst * 2 ** Math.min(attempt, 10));
  const wait = ceiling / 2 + (ceiling / 2) * random;
  return Math.max(wait, Math.min((retryAfterSeconds ?? 0) * 1_000, backoffMsMax));
}
