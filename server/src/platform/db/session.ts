import pg from 'pg';

/**
 * Settings of every connection. Sent as statements and not in the start-up packet: a pooler refuses that,
 * and a DATABASE_URL with its own `options=` would replace it.
 */
export interface SessionSettings {
  /** Row-level security binds it; left out: the login role, which owns the schema. */
  readonly role?: string;
  /** The longest one statement may run. */
  readonly statementTimeoutMs?: number;
}

/** Sets up a connection before its first use. */
export async function openSession(client: pg.ClientBase, settings: SessionSettings): Promise<void> {
  await client.query(settingsText(settings));
}

/** One round trip. Every value is a number or one of our own names. */
function settingsText({ role, statementTimeoutMs }: SessionSettings): string {
  return [
    "set timezone = 'UTC'",
    'set jit = off',
    ...(statementTimeoutMs === undefined ? [] : [`set statement_timeout = ${statementTimeoutMs}`]),
    ...(role === undefined ? [] : [`set role ${role}`]),
  ].join('; ');
}

export class PoolerError extends Error {
  override readonly name = 'PoolerError';
}

const probesMax = 3;

/**
 * A pooler that gives each transaction another server connection loses roles, locks and LISTEN silently.
 * While one transaction is open, a second connection must keep its settings.
 *
 * @throws PoolerError
 */
export async function requireSessions(url: string): Promise<void> {
  const open = async () => {
    const client = new pg.Client({ connectionString: url, application_name: 'watchkeeper-probe' });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };
  const one = await open();
  try {
    const first = await backendOf(one);
    const other = await open();
    try {
      for (let probe = 0; probe < probesMax; probe += 1) {
        await other.query('begin');
        const same = (await backendOf(one)) === first;
        await other.query('rollback');
        if (!same) throw new PoolerError(sharedWords);
      }
    } finally {
      await other.end().catch(() => undefined);
    }
  } finally {
    await one.end().catch(() => undefined);
  }
}

const sharedWords =
  'DATABASE_URL leads to a pooler that gives every transaction another connection. Watchkeeper needs a whole session for each connection (roles, locks, LISTEN): set pool_mode = session for it in PgBouncer, or connect to PostgreSQL itself.';

async function backendOf(client: pg.Client): Promise<number | undefined> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  return rows[0]?.pid;
}
