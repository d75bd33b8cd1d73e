import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ProcessRole } from '#config';
import { readConfig } from '#config';
import type { Clock } from '#platform/clock';
import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { createLogger } from '#platform/log';
import { createApp, type Watchkeeper } from '../../server/src/app.ts';
import { type TestDatabase, testDatabase } from './database.ts';
import { toldAtOnce } from './told-at-once.ts';

/** The key every test app accepts: provider scope, all organizations. */
export const bootstrapKey = 'wk_test_bootstrap_key_0123456789abcdefghij';

export interface TestApp extends AsyncDisposable {
  readonly app: Watchkeeper;
  readonly http: App;
  readonly ctx: Ctx;
  readonly database: TestDatabase;
  /** Base URL, with `listen`. */
  readonly url: string;
  /** A JSON request as the bootstrap key, or as `token`; `token: null` sends no credential. */
  call(method: Method, path: string, options?: CallOptions): Promise<Answer>;
  close(): Promise<void>;
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH' | 'HEAD' | 'OPTIONS';

interface CallOptions {
  body?: unknown;
  token?: string | null;
  headers?: Record<string, string>;
}

export interface Answer {
  status: number;
  headers: Record<string, unknown>;
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers freely; the OpenAPI checks their shape.
  body: any;
}

export interface TestAppOptions {
  env?: Record<string, string>;
  clock?: Clock;
  role?: ProcessRole;
  /** Started as for `watchkeeper work --once`. */
  onePass?: boolean;
  /** Run jobs and periodic work in the background (stories); else the test drives them with `app.workOnce`. */
  work?: boolean;
  /** Listen on a free loopback port. */
  listen?: boolean;
  /** Port to listen on; a free one by default. */
  port?: number;
  /** Share another app's database, as a second process would. */
  database?: TestDatabase;
  logLevel?: string;
  /** Added to OUTBOUND_ALLOW, as in the demonstration. */
  allow?: readonly string[];
}

/** The whole server in this process, on a database of its own. */
export async function testApp(options: TestAppOptions = {}): Promise<TestApp> {
  const database = options.database ?? (await testDatabase());
  const dataDir = await mkdtemp(path.join(tmpdir(), 'watchkeeper-app-'));
  const config = readConfig({
    PORT: '0',
    HOST: '127.0.0.1',
    DATA_DIR: dataDir,
    BOOTSTRAP_API_KEY: bootstrapKey,
    OUTBOUND_ALLOW: '127.0.0.0/8,::1/128',
    SECRET_KEY: 'the same key in every test process 0123',
    RATE_LIMIT_PER_MINUTE: '1000000',
    ...toldAtOnce,
    ...options.env,
  });
  const log = createLogger({ level: options.logLevel ?? process.env.TEST_LOG_LEVEL ?? 'silent' });
  const app = await createApp({
    config: { ...config, outboundAllow: [...config.outboundAllow, ...(options.allow ?? [])] },
    databaseUrl: database.url,
    role: options.role ?? 'all',
    ...(options.onePass === undefined ? {} : { onePass: options.onePass }),
    log,
    ...(options.clock === undefined ? {} : { clock: options.clock }),
  });
  const http = await app.openHttp();
  await http.ready();
  if (options.work === true) await app.start();
  const url =
    options.listen === true ? await http.listen({ host: '127.0.0.1', port: options.port ?? 0 }) : '';

  async function call(method: Method, path: string, request: CallOptions = {}): Promise<Answer> {
    const token = request.token === undefined ? bootstrapKey : request.token;
    const response = await http.inject({
      method,
      url: path,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...request.headers,
      },
      ...(request.body === undefined ? {} : { payload: JSON.stringify(request.body) }),
    });
    return { status: response.statusCode, headers: response.headers, body: parseBody(response.body) };
  }

  async function close(): Promise<void> {
    await app.stop();
    if (options.database === undefined) await database.close();
    await rm(dataDir, { recursive: true, force: true });
  }

  return { app, http, ctx: app.ctx, database, url, call, close, [Symbol.asyncDispose]: close };
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
