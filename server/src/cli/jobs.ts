import type { Command } from 'commander';
import { readConfig } from '#config';
import { createBoss } from '#platform/boss';
import { openDatabase } from '#platform/db/database';
import { discardFailedJobs, readFailedJobs } from '#platform/failed-jobs';
import { createLogger } from '#platform/log';
import { discardDeadLetters, readDeadLetters, retryDeadLetters } from '#platform/outbox';
import { outboxesOf } from '#platform/outboxes';
import { joinExistingDatabase } from './database.ts';
import { print, table } from './output.ts';

const statementMs = 30_000;
const stopMs = 5_000;

/** Work that failed for good: background jobs, and rows of outboxes that were given up. */
export function define(jobs: Command): void {
  jobs
    .command('failed')
    .description('list them by name')
    .action((_options: object, command: Command) =>
      withDatabase(async ({ db }) => {
        const outboxes = await readOutboxes();
        const failed = await db.system(async (tx) => [
          ...(await readFailedJobs(tx)),
          ...(await readDeadLetters(tx, outboxes)),
        ]);
        const rows = failed.map((one) => [
          one.name,
          String(one.count),
          one.newestAt.toISOString(),
          one.error ?? '',
        ]);
        const text =
          rows.length === 0
            ? 'Nothing has failed for good.'
            : table([['JOB', 'COUNT', 'NEWEST', 'ERROR'], ...rows]);
        print(command, failed, text);
      }),
    );
  jobs
    .command('retry')
    .description('try them again')
    .action((_options: object, command: Command) =>
      withDatabase(async ({ db, url, log }) => {
        const { modules } = await import('../app.ts');
        const boss = createBoss({ url, log, modules });
        await boss.start();
        const retried = await boss.retryFailed().finally(() => boss.stop(stopMs));
        const planned = await db.system((tx) => retryDeadLetters(tx, outboxesOf(modules)));
        const words = `${retried} jobs and ${planned} given-up rows are tried again.`;
        print(command, { retried, planned }, words);
      }),
    );
  jobs
    .command('discard')
    .description('give them up')
    .action((_options: object, command: Command) =>
      withDatabase(async ({ db }) => {
        const outboxes = await readOutboxes();
        const { discarded, forgotten } = await db.system(async (tx) => ({
          discarded: await discardFailedJobs(tx),
          forgotten: await discardDeadLetters(tx, outboxes),
        }));
        print(command, { discarded, forgotten }, `${discarded} jobs and ${forgotten} rows are given up.`);
      }),
    );
}

async function readOutboxes() {
  const { modules } = await import('../app.ts');
  return outboxesOf(modules);
}

interface Opened {
  readonly db: ReturnType<typeof openDatabase>;
  readonly url: string;
  readonly log: ReturnType<typeof createLogger>;
}

async function withDatabase(work: (opened: Opened) => Promise<void>): Promise<void> {
  const config = readConfig(process.env);
  const log = createLogger({ level: config.logLevel });
  const database = await joinExistingDatabase(config, log);
  const db = openDatabase({
    url: database.url,
    poolMax: 1,
    connectTimeoutMs: stopMs,
    statementTimeoutMs: statementMs,
    log,
  });
  try {
    await work({ db, url: database.url, log });
  } finally {
    await db.close();
    await database.stop();
  }
}
