import { isIP, Socket } from 'node:net';
import { cutText } from '@watchkeeper/contracts/text';
import pg from 'pg';
import Type, { type Static } from 'typebox';
import { resolve } from '#platform/exchange/open-socket';
import { failed, ok, type ProbeDeps } from '#platform/exchange/probe';
import { caField, hostField, portField, secretField, skipVerifyField } from '#platform/kinds/fields';
import { defineCheckKind } from '../kind.ts';

/** The connection is cut when the server sends more than this. Checked every few milliseconds. */
const answerBytesMax = 1_048_576;
const lookMs = 10;

const schema = Type.Object(
  {
    host: hostField,
    port: portField(5432),
    database: Type.String({ title: 'Database', minLength: 1, maxLength: 63, default: 'postgres' }),
    user: Type.String({ title: 'User', minLength: 1, maxLength: 63 }),
    password: secretField('Password'),
    query: Type.String({
      title: 'Query',
      description:
        'One statement, in a read-only transaction that is rolled back. Give the user no right to functions that change something outside of it.',
      minLength: 1,
      maxLength: 1_000,
      default: 'select 1',
    }),
    expected: Type.Optional(
      Type.String({
        title: 'Expected value',
        description:
          'Of the first column of the first row, as PostgreSQL writes it, e.g. 42, t, 2026-05-01 or {"a": 1}.',
        maxLength: 500,
      }),
    ),
    tls: Type.Boolean({ title: 'TLS', default: false }),
    ca: caField,
    skip_verify: skipVerifyField,
  },
  { additionalProperties: false },
);

export const postgres = defineCheckKind({
  kind: 'postgres',
  label: 'PostgreSQL',
  help: 'Signs in and runs a query, read-only and within the timeout of the check.',
  schema,
  secrets: ['password'],
  fixture: {
    host: 'db.example.com',
    port: 5432,
    database: 'shop',
    user: 'watch',
    password: 'a long secret',
    query: 'select 1',
    expected: '1',
    tls: true,
    skip_verify: false,
  },
  target: (config) => config.host.toLowerCase(),
  hosts: (config) => [{ field: 'host', host: config.host, port: config.port }],
  async run(config, deps) {
    const { client, stop } = await openClient(config, deps);
    try {
      const began = performance.now();
      await client.connect();
      deps.time('connect_ms', performance.now() - began);
      await beginReadOnly(client, deps.timeoutMs);
      const started = performance.now();
      const { rows, fields } = await client.query<(string | null)[]>(statement(config.query));
      deps.time('first_byte_ms', performance.now() - started);
      await client.query('rollback');
      const value = rows[0]?.[0];
      const shown = value === undefined ? 'nothing' : String(value);
      deps.log(`${rows.length} rows, the first value is ${shown}`);
      const wanted = config.expected;
      if (wanted !== undefined && !isText(shown, wanted, fields[0]?.dataTypeID))
        return failed(`The query gives ${cutText(shown, shownMax)}, not ${wanted}.`, { rows: rows.length });
      return ok('The query succeeded.', { rows: rows.length });
    } catch (error) {
      deps.signal.throwIfAborted();
      throw isSeveral(error) ? new Error('The query holds several statements; a check runs one.') : error;
    } finally {
      stop();
    }
  },
});

/**
 * Set inside the transaction, because poolers such as PgBouncer refuse start-up options. The select takes a snapshot.
 * From then on, PostgreSQL does not let SET TRANSACTION or set_config() lift "read only".
 */
async function beginReadOnly(client: pg.Client, timeoutMs: number): Promise<void> {
  const limit = `set local statement_timeout = ${Math.ceil(timeoutMs)}`;
  await client.query(`begin transaction read only; ${limit}; select 1`);
}

/** Uses the extended protocol, which accepts exactly one statement. Values stay the text that the server sent. */
function statement(text: string): pg.QueryArrayConfig & { queryMode: 'extended' } {
  const asText = { getTypeParser: () => (value: string) => value };
  return { text, rowMode: 'array', queryMode: 'extended', types: asText };
}

const shownMax = 200;
const booleanType = 16;

/** PostgreSQL writes a boolean as "t" on the wire and as "true" when cast to text: both are accepted. */
function isText(shown: string, wanted: string, type: number | undefined): boolean {
  if (shown === wanted) return true;
  return type === booleanType && wanted === (shown === 't' ? 'true' : 'false') && shown !== 'null';
}

/** Whether the error says that there were several statements: a syntax error with these words. */
function isSeveral(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    error.code === '42601' &&
    /multiple commands/.test(error.message)
  );
}

async function openClient(
  config: Static<typeof schema>,
  deps: ProbeDeps,
): Promise<{ client: pg.Client; stop: () => void }> {
  const host = await resolve(deps, config.host, config.port);
  const [first] = host.addresses;
  const socket = new Socket();
  const client = new pg.Client({
    // The vetted address, so that the name is not resolved a second time.
    host: first?.address ?? host.hostname,
    port: host.port,
    database: config.database,
    user: config.user,
    password: config.password ?? '',
    connectionTimeoutMillis: deps.timeoutMs,
    application_name: 'watchkeeper check',
    stream: () => socket,
    ssl: config.tls
      ? {
          rejectUnauthorized: !config.skip_verify,
          ...(isIP(host.hostname) === 0 ? { servername: host.hostname } : {}),
          ...(config.ca === undefined ? {} : { ca: config.ca }),
        }
      : false,
  });
  client.on('error', () => undefined);
  const onAbort = (): void => void socket.destroy();
  deps.signal.addEventListener('abort', onAbort, { once: true });
  const watch = setInterval(() => {
    if (socket.bytesRead > answerBytesMax) socket.destroy(new Error('The answer is longer than 1 MiB.'));
  }, lookMs);
  return {
    client,
    stop() {
      clearInterval(watch);
      deps.signal.removeEventListener('abort', onAbort);
      void client.end().catch(() => undefined);
      socket.destroySoon();
    },
  };
}
