import type { Command } from 'commander';
import { readConfig } from '#config';
import { type Database, openDatabase } from '#platform/db/database';
import { eventOutbox } from '#platform/event-store';
import { createLogger } from '#platform/log';
import { discardDeadLetters, type Outbox, readDeadLetters, retryDeadLetters } from '#platform/outbox';
import { outboxesOf } from '#platform/outboxes';
import { joinExistingDatabase } from './database.ts';
import { print, table } from './output.ts';

const statementMs = 30_000;
const connectMs = 5_000;

/** Work that failed for good: rows of outboxes that were given up, such as events. */
export function define(jobs: Command): void {
  jobs
    .command('failed')
    .description('list them by name')
    .action((_options: object, command: Command) =>
      withOutboxes(async (db, outboxes) => {
        const failed = await db.system((tx) => readDeadLetters(tx, outboxes));
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
      withOutboxes(async (db, outboxes) => {
        const { retried, planned } = await db.system(async (tx) => ({
          retried: await retryDeadLetters(tx, [eventOutbox]),
          planned: await retryDeadLetters(tx, besideEvents(outboxes)),
        }));
        const words = `${retried} jobs and ${planned} given-up rows are tried again.`;
        print(command, { retried, planned }, words);
      }),
    );
  jobs
    .command('discard')
    .description('give them up')
    .action((_options: object, command: Command) =>
      withOutboxes(async (db, outboxes) => {
        const { discarded, forgotten } = await db.system(async (tx) => ({
          discarded: await discardDeadLetters(tx, [eventOutbox]),
          forgotten: await discardDeadLetters(tx, besideEvents(outboxes)),
        }));
        print(command, { discarded, forgotten }, `${discarded} jobs and ${forgotten} rows are given up.`);
      }),
    );
}

/** Events are told apart: to the operator they are background jobs. */
function besideEvents(outboxes: readonly Outbox[]): Outbox[] {
  return outboxes.filter((outbox) => outbox !== eventOutbox);
}

/** Across tenants: whoever runs the installation. */
async function withOutboxes(
  work: (db: Database, outboxes: readonly Outbox[]) => Promise<void>,
): Promise<void> {
  const config = readConfig(process.env);
  const log = createLogger({ level: config.logLevel });
  const database = await joinExistingDatabase(config, log);
  const { modules } = await import('../app.ts');
  const db = openDatabase({
    url: database.url,
    poolMax: 1,
    connectTimeoutMs: connectMs,
    statementTimeoutMs: statementMs,
    log,
  });
  try {
    await work(db, outboxesOf(modules));
  } finally {
    await db.close();
    await database.stop();
  }
}
