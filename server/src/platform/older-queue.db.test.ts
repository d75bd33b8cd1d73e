import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import { migrateUp } from './db/migrate.ts';
import { isSchemaCurrent } from './db/schema-state.ts';
import { newId } from './ids.ts';
import { takeOverQueue } from './older-queue.ts';

/** The older queue, with the columns that are read. Its jobs are in a partition, as the library made it. */
const olderQueue = `
  create schema pgboss;
  create type pgboss.job_state as enum ('created', 'retry', 'active', 'completed', 'cancelled', 'failed');
  create table pgboss.job (
    id uuid not null default gen_random_uuid(), name text not null, data jsonb, state pgboss.job_state not null default 'created',
    retry_count integer not null default 0, start_after timestamptz not null default now(),
    created_on timestamptz not null default now(), started_on timestamptz, heartbeat_on timestamptz, output jsonb,
    source_name text) partition by list (name);
  create table pgboss.job_common (like pgboss.job including all);
  alter table pgboss.job attach partition pgboss.job_common default;
  grant usage on schema pgboss to watchkeeper_system;
  grant select, insert, update, delete on all tables in schema pgboss to watchkeeper_system;`;

const organizationId = newId();
let database: TestDatabase;
let owner: pg.Client;

beforeEach(async () => {
  database = await testDatabase();
  owner = await session('owner');
  await owner.query(olderQueue);
});
afterEach(async () => {
  await owner.end();
  await database.close();
});

async function session(name: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: database.url, application_name: name });
  await client.connect();
  return client;
}

async function job(name: string, data: object, columns: Record<string, unknown> = {}): Promise<void> {
  const all = { name, data: JSON.stringify(data), ...columns };
  const places = Object.keys(all).map((_, index) => `$${index + 1}`);
  await owner.query(`insert into pgboss.job (${Object.keys(all)}) values (${places})`, Object.values(all));
}

const ago = (seconds: number) => new Date(Date.now() - seconds * 1_000);
const takeOver = () => database.db.system((tx) => takeOverQueue(tx));
const events = async () =>
  (
    await owner.query(
      `select organization_id, event, subscriber, payload, plan_attempts, plan_error from domain_events order by event, subscriber`,
    )
  ).rows;
const isThere = async () =>
  (await owner.query("select to_regclass('pgboss.job') is not null as there")).rows[0].there;

test('the first start turns all remaining jobs into events and drops the older queue', async () => {
  const payload = { organizationId, deviceIds: ['a'] };
  await job('device.created.telemetry.state', payload);
  await job('device.removed.telemetry.history', payload, { state: 'retry', retry_count: 3 });
  await job('checks.judged.checks.verdict', { checkIds: ['c'] }, { state: 'active', started_on: ago(1) });
  await job('device.changed.telemetry.state', payload, { state: 'completed' });
  await job('watchkeeper.failed', payload, {
    source_name: 'device.retired.alerting',
    output: JSON.stringify({ message: 'the printer is on fire' }),
  });
  expect(await isSchemaCurrent(database.url)).toBe(false);
  await migrateUp(database.url);
  const fresh = { plan_attempts: 0, plan_error: null };
  expect(await events()).toEqual([
    {
      ...{ ...fresh, organization_id: '00000000-0000-0000-0000-000000000000', payload: { checkIds: ['c'] } },
      ...{ event: 'checks.judged', subscriber: 'checks.verdict' },
    },
    {
      ...fresh,
      organization_id: organizationId,
      event: 'device.created',
      subscriber: 'telemetry.state',
      payload,
    },
    {
      ...{
        organization_id: organizationId,
        event: 'device.removed',
        subscriber: 'telemetry.history',
        payload,
      },
      ...{ plan_attempts: 3, plan_error: null },
    },
    {
      ...{ organization_id: organizationId, event: 'device.retired', subscriber: 'alerting', payload },
      ...{ plan_attempts: 0, plan_error: 'the printer is on fire' },
    },
  ]);
  expect(await isThere()).toBe(false);
  expect(await isSchemaCurrent(database.url)).toBe(true);
  expect(await takeOver()).toBe(0);
});

test('while an older process runs, its queue stays, and its new jobs are taken over', async () => {
  const older = await session('watchkeeper-jobs');
  try {
    await job('device.created.telemetry.state', { organizationId });
    await migrateUp(database.url);
    expect(await isThere()).toBe(true);
    expect(await takeOver()).toBe(1);
    await job('device.retired.alerting', { organizationId });
    // It works on the first job, and died during the second.
    await job(
      'device.changed.telemetry.state',
      { n: 1 },
      { state: 'active', started_on: ago(300), heartbeat_on: ago(5) },
    );
    await job(
      'device.changed.telemetry.state',
      { n: 2 },
      { state: 'active', started_on: ago(300), heartbeat_on: ago(90) },
    );
    expect(await takeOver()).toBe(2);
    expect((await events()).map(({ event, payload }) => [event, payload.n])).toEqual([
      ['device.changed', 2],
      ['device.created', undefined],
      ['device.retired', undefined],
    ]);
  } finally {
    await older.end();
  }
});
