import { statfs } from 'node:fs/promises';
import type { Command } from 'commander';
import pg from 'pg';
import { type Config, readConfig } from '#config';
import { findEmbeddedPostgres, hasEmbeddedPostgres } from '#platform/db/embedded/embedded';
import { hasSchema, migrationStatus } from '#platform/db/migrate';
import { exitCodes } from './exit.ts';
import { print, table } from './output.ts';

type Grade = 'ok' | 'warn' | 'fail';
interface Finding {
  check: string;
  verdict: Grade;
  detail: string;
}

const diskFreeWarnRatio = 0.1;
const clockSkewWarnMs = 2_000;
const askMs = 5_000;

export function define(command: Command): void {
  command.action(async () => {
    const config = readConfig(process.env);
    const findings: Finding[] = [
      { check: 'configuration', verdict: 'ok', detail: 'every variable is valid' },
      {
        check: 'runtime',
        verdict: 'ok',
        detail: `Node ${process.version} on ${process.platform} ${process.arch}`,
      },
      await diskFinding(config),
      ...(await databaseFindings(config)),
      await serverFinding(config),
    ];
    const failed = findings.some((finding) => finding.verdict === 'fail');
    print(
      command,
      { ok: !failed, findings },
      table(findings.map((finding) => [finding.verdict, finding.check, finding.detail])),
    );
    if (failed) process.exitCode = exitCodes.failed;
  });
}

async function diskFinding(config: Config): Promise<Finding> {
  try {
    const disk = await statfs(config.dataDir);
    const free = disk.bavail / disk.blocks;
    return {
      check: 'disk',
      verdict: free < diskFreeWarnRatio ? 'warn' : 'ok',
      detail: `${Math.round(free * 100)} % free on the disk of DATA_DIR`,
    };
  } catch {
    return {
      check: 'disk',
      verdict: 'warn',
      detail: `${config.dataDir} does not exist yet; the first start creates it`,
    };
  }
}

async function databaseFindings(config: Config): Promise<Finding[]> {
  const { databaseUrl, dataDir } = config;
  try {
    if (databaseUrl !== undefined) return await askDatabase(databaseUrl);
    const running = await findEmbeddedPostgres(dataDir);
    if (running !== null) return await askDatabase(running);
    const detail = (await hasEmbeddedPostgres(dataDir))
      ? `embedded in ${dataDir}; it runs only while the server runs`
      : `embedded; ${dataDir} holds none yet, the first start creates it`;
    return [{ check: 'database', verdict: 'ok', detail }];
  } catch (error) {
    return [
      { check: 'database', verdict: 'fail', detail: error instanceof Error ? error.message : String(error) },
    ];
  }
}

async function askDatabase(url: string): Promise<Finding[]> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: askMs,
    statement_timeout: askMs,
  });
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string; now: Date }>(
      "select current_setting('server_version') as version, clock_timestamp() as now",
    );
    const skewMs = Math.abs((rows[0]?.now.getTime() ?? 0) - Date.now());
    return [
      { check: 'database', verdict: 'ok', detail: `PostgreSQL ${rows[0]?.version ?? ''} answers` },
      {
        check: 'clocks',
        verdict: skewMs > clockSkewWarnMs ? 'warn' : 'ok',
        detail: `this host and the database differ by ${skewMs} ms`,
      },
      await migrationFinding(url),
    ];
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function migrationFinding(url: string): Promise<Finding> {
  const check = 'migrations';
  if (!(await hasSchema(url)))
    return { check, verdict: 'warn', detail: 'no tables yet; the first start creates them' };
  const pending = (await migrationStatus(url)).filter((migration) => migration.executedAt === undefined);
  if (pending.length === 0) return { check, verdict: 'ok', detail: 'up to date' };
  return { check, verdict: 'warn', detail: `${pending.length} pending; the next start applies them` };
}

async function serverFinding(config: Config): Promise<Finding> {
  const url = `http://127.0.0.1:${config.http.port}/health`;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(askMs) });
    return {
      check: 'server',
      verdict: response.ok ? 'ok' : 'fail',
      detail: `${url} answers ${response.status}`,
    };
  } catch {
    return { check: 'server', verdict: 'warn', detail: `nothing answers at ${url}` };
  }
}
