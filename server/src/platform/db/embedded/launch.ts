import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../clock.ts';
import type { Binaries } from './binaries.ts';
import { cannotRun } from './cluster.ts';
import { type Answer, ask, loopback, sameDirectory } from './connection.ts';
import { classifyLaunch, explainOutput } from './diagnosis.ts';
import { EmbeddedPostgresError } from './errors.ts';
import type { RunAs } from './run-as.ts';
import type { ServerLog } from './server-log.ts';
import { asArguments, serverSettings } from './settings.ts';
import type { Endpoint } from './state-file.ts';
import { spawnTool } from './tool.ts';

/** Long, because crash recovery replays up to `max_wal_size`. A server that gives up is noticed at once. */
const readyTimeoutMs = 10 * 60_000;
const pollMs = 15;
/** After a postmaster was killed, its backends need a moment to notice. */
const memoryWaitMs = 15_000;
const memoryRetryMs = 100;
const addressAttemptsMax = 5;

export interface LaunchPlan {
  readonly binaries: Binaries;
  readonly clusterDir: string;
  readonly runAs: RunAs;
  readonly password: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly serverLog: ServerLog;
}

export interface Launched {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly version: string;
  /** The server's output in this run, for the line after an unexpected end. */
  output(): Promise<string>;
}

/** Launches. When the address is refused, asks `next` for another one. */
export async function launchSomewhere(
  plan: LaunchPlan,
  first: Endpoint,
  next: (refused: 'address_in_use' | 'socket_refused') => Promise<Endpoint>,
): Promise<{ launched: Launched; endpoint: Endpoint }> {
  let endpoint = first;
  for (let attempt = 1; attempt <= addressAttemptsMax; attempt += 1) {
    const result = await launch(plan, endpoint);
    if ('launched' in result) return { launched: result.launched, endpoint };
    const trouble = classifyLaunch(result.output);
    const another = trouble === 'address_in_use' || trouble === 'socket_refused';
    if (!another || attempt === addressAttemptsMax) throw failed(plan, result.output);
    endpoint = await next(trouble);
  }
  throw new EmbeddedPostgresError(
    'No free address was found for the database on this machine: set DATABASE_URL.',
  );
}

/** Launches again at the address that clients already know. */
export async function relaunch(plan: LaunchPlan, endpoint: Endpoint): Promise<Launched> {
  const result = await launch(plan, endpoint);
  if ('launched' in result) return result.launched;
  throw failed(plan, result.output);
}

function failed(plan: LaunchPlan, output: string): EmbeddedPostgresError {
  return explainOutput('The database did not start', output, plan);
}

type LaunchResult = { launched: Launched } | { output: string };

async function launch(plan: LaunchPlan, endpoint: Endpoint): Promise<LaunchResult> {
  const deadline = systemClock.monotonic() + memoryWaitMs;
  for (;;) {
    const result = await launchOnce(plan, endpoint);
    if ('launched' in result || classifyLaunch(result.output) !== 'memory_still_in_use') return result;
    if (systemClock.monotonic() > deadline) return result;
    await delay(memoryRetryMs);
  }
}

async function launchOnce(plan: LaunchPlan, endpoint: Endpoint): Promise<LaunchResult> {
  const args = ['-D', plan.clusterDir, ...asArguments(serverSettings(endpoint, plan.settings))];
  const run = await plan.serverLog.openRun();
  let child: ChildProcess;
  try {
    child = spawnTool(plan.runAs.command(plan.binaries.postgres, args), ['ignore', run.fd, run.fd]);
    child.on('error', () => undefined);
    await once(child, 'spawn');
  } catch (error) {
    throw cannotRun(plan.binaries.postgres, error);
  } finally {
    await run.close();
  }
  const answer = await untilReady(child, endpoint, plan);
  const { pid } = child;
  if (answer === undefined || pid === undefined) return { output: await run.output() };
  // If we exit without stopping it, it keeps running, and the next start finds it as an orphan.
  child.unref();
  return { launched: { child, pid, version: answer.version, output: run.output } };
}

/** Undefined when the server ended first. */
async function untilReady(
  child: ChildProcess,
  endpoint: Endpoint,
  plan: LaunchPlan,
): Promise<Answer | undefined> {
  const deadline = systemClock.monotonic() + readyTimeoutMs;
  while (child.exitCode === null && child.signalCode === null) {
    const answer = await ask(endpoint, plan.password).catch(() => undefined);
    // On a shared port, another server may answer while ours is about to give up.
    if (answer !== undefined && sameDirectory(answer.dataDirectory, plan.clusterDir)) return answer;
    if (systemClock.monotonic() > deadline) {
      child.kill('SIGQUIT');
      throw new EmbeddedPostgresError(
        `The database did not become ready in ${readyTimeoutMs / 60_000} minutes, see ${plan.serverLog.path}.`,
      );
    }
    await delay(pollMs);
  }
  return undefined;
}

/** A free loopback port: the same as last time if it is still free. */
export async function freePort(preferred: number | undefined): Promise<number> {
  return (
    (preferred === undefined ? undefined : await tryPort(preferred)) ??
    (await tryPort(0)) ??
    Promise.reject(new EmbeddedPostgresError(`No TCP port can be opened on ${loopback}: set DATABASE_URL.`))
  );
}

async function tryPort(port: number): Promise<number | undefined> {
  const server = createServer();
  try {
    server.listen({ host: loopback, port, exclusive: true });
    await once(server, 'listening');
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : undefined;
  } catch {
    return undefined;
  } finally {
    server.close();
  }
}
