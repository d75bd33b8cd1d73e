import { isIP, Socket } from 'node:net';
import pg from 'pg';
import Type, { type Static } from 'typebox';
import { caField, hostField, portField, secretField, skipVerifyField } from '../fields.ts';
import { defineCheckKind, failed, ok, type ProbeDeps } from '../kind.ts';
import { resolve } from '../open-socket.ts';

/** A server that sends more than this is cut off; looked at every few milliseconds. */
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
      description: 'Runs in a read-only transaction; one value is enough.',
      minLength: 1,
      maxLength: 1_000,
      default: 'select 1',
    }),
    expected: Type.Optional(
      Type.String({
        title: 'Expected value',
        description: 'Of the first column of the first row.',
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
  async run(config, deps) {
    const { client, stop } = await openClient(config, deps);
    try {
      const began = performance.now();
      await client.connect();
      deps.time('connect_ms', performance.now() - began);
      const started = performance.now();
      const { rows } = await client.query<unknown[]>({ text: config.query, rowMode: 'array' });
      deps.time('first_byte_ms', performance.now() - started);
      const value = rows[0]?.[0];
      const shown = value === undefined ? 'nothing' : String(value).slice(0, 200);
      deps.log(`${rows.length} rows, the first value is ${shown}`);
      if (config.expected !== undefined && String(value) !== config.expected)
        return failed(`The query gives ${shown}, not ${config.expected}.`, { rows: rows.length });
      return ok('The query succeeded.', { rows: rows.length });
    } catch (error) {
      deps.signal.throwIfAborted();
      throw error;
    } finally {
      stop();
    }
  },
});

async function openClient(
  config: Static<typeof schema>,
  deps: ProbeDeps,
): Promise<{ client: pg.Client; stop: () => void }> {
  const host = await resolve(deps, config.host, config.port);
  const [first] = host.addresses;
  const socket = new Socket();
  const client = new pg.Client({
    // The vetted address itself, so that nobody resolves the name a second time.
    host: first?.address ?? host.hostname,
    port: host.port,
    database: config.database,
    user: config.user,
    password: config.password ?? '',
    connectionTimeoutMillis: deps.timeoutMs,
    application_name: 'watchkeeper check',
    options: `-c default_transaction_read_only=on -c statement_timeout=${Math.ceil(deps.timeoutMs)}`,
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
