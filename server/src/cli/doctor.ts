import { statfs } from 'node:fs/promises';
import { Command } from 'commander';
import pg from 'pg';
import { type Config, readConfig } from '#config';
import { migrationStatus } from '#platform/db/migrate';
import { exitCodes } from './exit.ts';
import { print, table } from './output.ts';

type Verdict = 'ok' | 'warn' | 'fail';
interface Finding {
  check: string;
  verdict: Verdict;
  detail: string;
}

const diskFreeWarnRatio = 0.1;
const clockSkewWarnMs = 2_000;
const askMs = 5_000;

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('look for what is wrong with this install')
    .action(async (_options: object, command: Command) => {
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
      detail: `${Math.round(free * 100)} % free where DATA_DIR is`,
    };
  } catch {
    return {
      check: 'disk',
      verdict: 'warn',
      detail: `${config.dataDir} does not exist yet; the first start makes it`,
    };
  }
}

async function databaseFindings(config: Config): Promise<Finding[]> {
  if (config.databaseUrl === undefined) {
    return [
      {
        check: 'database',
        verdict: 'ok',
        detail: 'embedded; its state shows in /health/detailed of the running server',
      },
    ];
  }
  const client = new pg.Client({
    connectionString: config.databaseUrl,
    connectionTimeoutMillis: askMs,
    statement_timeout: askMs,
  });
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string; now: Date }>(
      "select current_setting('server_version') as version, clock_timestamp() as now",
    );
    const skewMs = Math.abs((rows[0]?.now.getTime() ?? 0) - Date.now());
    const pending = (await migrationStatus(config.databaseUrl)).filter(
      (migration) => migration.executedAt === undefined,
    );
    return [
      { check: 'database', verdict: 'ok', detail: `PostgreSQL ${rows[0]?.version ?? ''} answers` },
      {
        check: 'clocks',
        verdict: skewMs > clockSkewWarnMs ? 'warn' : 'ok',
        detail: `this host and the database differ by ${skewMs} ms`,
      },
      {
        check: 'migrations',
        verdict: pending.length === 0 ? 'ok' : 'warn',
        detail:
          pending.length === 0 ? 'up to date' : `${pending.length} pending; the next start applies them`,
      },
    ];
  } catch (error) {
    return [
      { check: 'database', verdict: 'fail', detail: error instanceof Error ? error.message : String(error) },
    ];
  } finally {
    await client.end().catch(() => undefined);
  }
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
