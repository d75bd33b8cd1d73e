import { setTimeout as pause } from 'node:timers/promises';
import { CompiledQuery, Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import pg from 'pg';
import { AppError } from '../errors.ts';
import { createFigures, type Figures } from '../figures.ts';
import type { Logger } from '../log.ts';
import { systemRole, tenantRole } from './roles.ts';
import { openSession, type SessionSettings } from './session.ts';
import { createStorageWatch, diskFull, type StorageWatch, storageFullWords } from './storage.ts';

/** Each module's store narrows a handle to its own tables with `tx.withTables<...>()`, or writes `sql`. */
// biome-ignore lint/complexity/noBannedTypes: "no tables known yet" is exactly what platform knows.
export type Tx = Transaction<{}>;

export interface Database {
  /**
   * One transaction that sees the rows of one organization and no other (row-level security).
   * This is the handle of every request.
   */
  tenant<T>(organizationId: string, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** One transaction across all tenants: intake, detection, provider views, jobs. Name the reason beside the call. */
  system<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** The system role's pool, for prepared statements on the hot path. */
  readonly pool: pg.Pool;
  /** A LISTEN connection or other session outside the pool; the caller ends it. */
  connect(): Promise<pg.Client>;
  readonly health: DatabaseHealth;
  close(): Promise<void>;
}

export interface DatabaseHealth {
  /** Round trip of `select 1` in milliseconds. @throws when the database does not answer. */
  ping(): Promise<number>;
  pool(): { total: number; idle: number; waiting: number };
  /** Figures of the statements in transactions of this process, since they were last read. */
  readonly statements: Figures;
  readonly storage: StorageWatch;
}

export interface DatabaseOptions {
  url: string;
  poolMax: number;
  /** How long a caller waits for a connection before it gets 503. */
  connectTimeoutMs: number;
  /** The longest one statement may run. */
  statementTimeoutMs: number;
  log: Logger;
}

export function openDatabase(options: DatabaseOptions): Database {
  const connection = {
    connectionString: options.url,
    application_name: 'watchkeeper',
    keepAlive: true,
  };
  // The login role may own the schema; work runs as a role that row-level security binds.
  const session: SessionSettings = {
    role: systemRole,
    statementTimeoutMs: options.statementTimeoutMs,
  };
  const storage = createStorageWatch();
  const ready = async (client: pg.ClientBase): Promise<void> => {
    storage.watch(client);
    await openSession(client, session);
  };
  const pool = new pg.Pool({
    ...connection,
    max: options.poolMax,
    connectionTimeoutMillis: options.connectTimeoutMs,
    idleTimeoutMillis: 30_000,
    onConnect: ready,
  });
  // Without a listener, a cut connection would end the process: the pool listens only to idle connections,
  // and one that is lent out has no other listener. Its next statement fails.
  pool.on('error', (error) => {
    if (!pool.ending) options.log.warn({ err: error }, 'an idle database connection was lost');
  });
  pool.on('connect', surviveLoss);

  const statements = createFigures();
  // biome-ignore lint/complexity/noBannedTypes: see Tx.
  const kysely = new Kysely<{}>({
    dialect: new PostgresDialect({ pool }),
    log: ({ level, queryDurationMillis }) =>
      statements.add('statements', queryDurationMillis, level === 'error' ? 500 : 200),
  });

  async function inTransaction<T>(
    prepare: (tx: Tx) => Promise<unknown>,
    work: (tx: Tx) => Promise<T>,
  ): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await kysely.transaction().execute(async (tx) => {
          await prepare(tx);
          return await work(tx);
        });
      } catch (error) {
        if (!isConflict(error) || attempt === conflictTriesMax) throw toDatabaseError(error);
        // Nothing of it was committed. The transactions that met must not meet again at once.
        await pause(Math.random() * conflictPauseMs * attempt);
      }
    }
  }

  return {
    tenant: (organizationId, work) =>
      inTransaction(
        (tx) =>
          sql`select set_config('role', ${tenantRole}, true), set_config('watchkeeper.organization_id', ${organizationId}, true)`.execute(
            tx,
          ),
        work,
      ),
    system: (work) => inTransaction(async () => undefined, work),
    pool,
    async connect() {
      const client = new pg.Client({ ...connection, connectionTimeoutMillis: options.connectTimeoutMs });
      surviveLoss(client);
      await client.connect();
      try {
        await ready(client);
      } catch (error) {
        await client.end().catch(() => undefined);
        throw error;
      }
      return client;
    },
    health: {
      async ping() {
        const started = performance.now();
        await pool.query('select 1');
        return performance.now() - started;
      },
      pool: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
      statements,
      storage,
    },
    close: () => kysely.destroy(),
  };
}

function surviveLoss(client: { on(event: 'error', listener: () => void): unknown }): void {
  client.on('error', () => undefined);
}

/** PostgreSQL's five-character code of an error that came from it; undefined for every other. */
export function sqlStateOf(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined;
}

/** SQLSTATE classes and socket errors that mean "the database is away", not "the statement is wrong". */
const awayCodes = new Set([
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
  '57P05', // idle_session_timeout
  '53300', // too_many_connections
  '25006', // read_only_sql_transaction: a failover left us on a standby
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOENT',
  'EHOSTUNREACH',
  'ENOTFOUND',
]);

/** True for errors of the driver, and for those that `tenant` and `system` make of them. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AppError) return error.code === 'database_unavailable';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (awayCodes.has(code) || code.startsWith('08')) return true;
  return /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error|connection ended/i.test(
    error.message,
  );
}

/** How long callers should wait while the database is away. */
const databaseRetryAfterSeconds = 5;

/**
 * Values that pass every schema but that PostgreSQL cannot hold, by SQLSTATE; the caller must correct them.
 */
const unstorable: Readonly<Record<string, string>> = {
  '22021': 'Text must not contain a NUL character.',
  '22P05': 'Text must not contain a NUL character.',
  '22007': 'A time in the request does not exist.',
  '22008': 'A time in the request is out of range.',
  '22003': 'A number in the request is out of range.',
};

export function toDatabaseError(error: unknown): unknown {
  if (error instanceof AppError) return error;
  const state = sqlStateOf(error) ?? '';
  const advice = state === invalidText ? invalidTextWords(error) : unstorable[state];
  if (advice !== undefined) return new AppError('validation_failed', advice, { cause: error });
  if (state === diskFull || isNoSpace(error))
    return new AppError('storage_full', storageFullWords, {
      cause: error,
      retryAfterSeconds: storageRetryAfterSeconds,
    });
  if (isConflict(error))
    return new AppError(
      'overloaded',
      'Somebody else is changing the same data right now. Try again shortly.',
      {
        cause: error,
        retryAfterSeconds: conflictRetryAfterSeconds,
      },
    );
  return isDatabaseAway(error) ? databaseAway(error) : error;
}

const invalidText = '22P02';

/** One code for every text that cannot be parsed as its type; only JSON is refused for its Unicode. */
function invalidTextWords(error: unknown): string {
  const said = error instanceof pg.DatabaseError ? `${error.message} ${error.detail ?? ''}` : '';
  if (/type jsonb?\b/.test(said))
    return /unicode/i.test(said) ? 'Text must be well-formed Unicode.' : 'A text is not valid JSON.';
  const type = /type ([a-z ]+?)(?:\[\])?:/.exec(said)?.[1];
  const words = type === undefined ? undefined : typeWords[type];
  return words === undefined
    ? 'A value is not of the type it must have.'
    : `A value is not a valid ${words}.`;
}

const typeWords: Readonly<Record<string, string>> = {
  uuid: 'id (a UUID)',
  smallint: 'whole number',
  integer: 'whole number',
  bigint: 'whole number',
  real: 'number',
  'double precision': 'number',
  numeric: 'number',
  boolean: 'boolean',
  inet: 'network address',
  cidr: 'network',
  interval: 'duration',
};

function isNoSpace(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOSPC';
}

/** A deadlock, or a conflict with another transaction: nothing was committed, and a retry may succeed. */
export function isConflict(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state === '40P01' || state === '40001';
}

/** Tries of one transaction that conflicts with others. */
const conflictTriesMax = 5;
/** The longest wait before a retry, multiplied by the number of the try. */
const conflictPauseMs = 50;
const conflictRetryAfterSeconds = 1;
const storageRetryAfterSeconds = 30;

/** The answer to callers while the database is away. */
export function databaseAway(cause?: unknown): AppError {
  return new AppError(
    'database_unavailable',
    'The database does not answer at the moment. Try again shortly.',
    { cause, retryAfterSeconds: databaseRetryAfterSeconds },
  );
}

/** True when `error` is PostgreSQL's unique_violation, optionally of one constraint. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  if (!(error instanceof Error) || !('code' in error) || error.code !== '23505') return false;
  return constraint === undefined || ('constraint' in error && error.constraint === constraint);
}

/** Runs SQL text with values inside `tx`: the bridge for libraries that bring their own statements. */
export async function executeRaw(
  tx: Tx,
  text: string,
  values: readonly unknown[] = [],
): Promise<{ rows: unknown[] }> {
  const result = await tx.executeQuery(CompiledQuery.raw(text, [...values]));
  return { rows: result.rows };
}
