import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { bootstrapKey, testApp } from '../support/app.ts';
import { emptyDatabase } from '../support/database.ts';
import { join } from '../support/people.ts';
import { scratchDir, serverMain } from '../support/server-process.ts';

const sources = fileURLToPath(new URL('../../server/src/main.ts', import.meta.url));
const preload = new URL('../support/loaded-modules.mjs', import.meta.url).href;
const secretKey = 'the same key in every test process 0123';
const callMs = 60_000;

interface Called {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The program as a shell would call it, with nothing in its environment but `env`. */
function watchkeeper(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  main = serverMain,
): Promise<Called> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [main, ...args],
      { env: { PATH: process.env.PATH, LOG_LEVEL: 'error', ...env }, timeout: callMs },
      (_error, out, err) => resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });
}

const lookers = [
  'migrate status',
  'migrate down',
  'doctor',
  'work --once',
  'setup-link',
  'password-link a@b.example',
] as const;

describe('where there is no database', () => {
  test.each(lookers)('"%s" makes no database, no folder and no key', async (line) => {
    await using scratch = await scratchDir();
    const called = await watchkeeper(line.split(' '), { DATA_DIR: `${scratch.path}/data` });
    expect(await readdir(scratch.path)).toEqual([]);
    if (line === 'doctor') expect(called).toMatchObject({ code: 0, err: '' });
    else expect(called).toMatchObject({ code: 69, out: '' });
    expect(called.out + called.err).toMatch(/the first start(?: of the server)? creates it/);
  });

  test.each(lookers)('"%s" leaves an empty PostgreSQL empty', async (line) => {
    await using scratch = await scratchDir();
    await using empty = await emptyDatabase();
    await watchkeeper(line.split(' '), { DATA_DIR: `${scratch.path}/data`, DATABASE_URL: empty.url });
    expect(await readdir(scratch.path)).toEqual([]);
    expect(await tablesOf(empty.url)).toEqual([]);
  });
});

async function tablesOf(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ name: string }>(
    "select nspname || '.' || relname as name from pg_class c join pg_namespace n on n.oid = relnamespace where nspname !~ '^(pg_|information_schema)'",
  );
  await client.end();
  return rows.map((row) => row.name);
}

describe('the set-up link', () => {
  test('is printed again in a frame until the first owner exists', async () => {
    await using house = await testApp();
    await using scratch = await scratchDir();
    const env = { DATABASE_URL: house.database.url, DATA_DIR: scratch.path, SECRET_KEY: secretKey };

    const shown = await watchkeeper(['setup-link'], env);
    expect(shown).toMatchObject({ code: 0, err: '' });
    const lines = shown.out.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^┌─+┐$/);
    expect(new Set(lines.map((line) => line.length)).size).toBe(1);
    const token = /setup\?token=([\w-]+) /.exec(shown.out)?.[1] ?? '';

    const owner = { email: 'alice@acme.example', name: 'Alice', password: 'Correct-horse-battery-9' };
    const made = await house.call('POST', '/api/setup', { token: null, body: { token, ...owner } });
    expect(made.status).toBe(201);

    const late = await watchkeeper(['--json', 'setup-link'], env);
    expect(late).toMatchObject({ code: 77, out: '' });
    expect(late.err).toContain('The first owner exists already');
  });
});

describe('password-link, for a forgotten password', () => {
  test('also serves accounts of several organizations; the link works once, and is in the audit of each organization', async () => {
    await using house = await testApp();
    await using scratch = await scratchDir();
    const env = { DATABASE_URL: house.database.url, DATA_DIR: scratch.path, SECRET_KEY: secretKey };
    expect((await house.call('POST', '/api/v1/orgs', { body: { slug: 'acme', name: 'Acme' } })).status).toBe(
      201,
    );
    const ann = { email: 'ann@acme.example', name: 'Ann', password: 'Correct-horse-battery-9' };
    await join(house, 'default', ann, 'owner');
    await join(house, 'acme', ann, 'viewer');

    const unknown = await watchkeeper(['password-link', 'nobody@acme.example'], env);
    expect(unknown).toMatchObject({
      code: 77,
      out: '',
      err: 'There is no account with the address nobody@acme.example.\n',
    });

    const first = await watchkeeper(['--json', 'password-link', ann.email], env);
    const second = await watchkeeper(['password-link', 'Ann@acme.example'], env);
    expect([first.code, second.code]).toEqual([0, 0]);
    const tokenIn = (text: string) => /set-password\?token=([\w-]+)/.exec(text)?.[1] ?? '';
    const choose = (text: string, password: string) =>
      house.call('POST', '/api/auth/set-password', { token: null, body: { token: tokenIn(text), password } });
    const chosen = 'Another-battery-staple-8';
    expect((await choose(first.out, chosen)).status, 'an earlier link').toBe(401);
    expect((await choose(second.out, chosen)).status).toBe(200);
    expect((await choose(second.out, chosen)).status, 'the same link again').toBe(401);

    const enter = (password: string) =>
      house.call('POST', '/api/auth/token', { token: null, body: { email: ann.email, password } });
    expect((await enter(ann.password)).status).toBe(401);
    expect((await enter(chosen)).status).toBe(200);
    for (const org of ['default', 'acme']) {
      const { body } = await house.call('GET', `/api/v1/${org}/audit?limit=50`);
      expect(
        body.data.filter((each: { action: string }) => each.action === 'member.password_link_issued'),
      ).toHaveLength(2);
    }
  });
});

describe('person, for what is kept of somebody', () => {
  test('prints it as JSON, erases it with --yes, and both are in the audit', async () => {
    await using house = await testApp();
    await using scratch = await scratchDir();
    const env = { DATABASE_URL: house.database.url, DATA_DIR: scratch.path, SECRET_KEY: secretKey };
    const ann = { email: 'ann@acme.example', name: 'Ann Ames', password: 'Correct-horse-battery-9' };
    await join(house, 'default', ann, 'owner');

    const unknown = await watchkeeper(['person', 'export', 'nobody@acme.example'], env);
    expect(unknown).toMatchObject({ code: 77, err: 'Nothing is kept of nobody@acme.example.\n' });
    const exported = await watchkeeper(['person', 'export', 'Ann@acme.example'], env);
    expect(exported.code).toBe(0);
    expect(JSON.parse(exported.out)).toMatchObject({ email: ann.email, names: [ann.name] });

    const unsure = await watchkeeper(['person', 'erase', ann.email], env);
    expect([unsure.code, unsure.err]).toEqual([77, expect.stringContaining('add --yes')]);
    const last = await watchkeeper(['person', 'erase', ann.email, '--yes'], env);
    expect([last.code, last.err]).toEqual([1, expect.stringContaining('the last owner of "default"')]);
    await join(house, 'default', { ...ann, email: 'bea@acme.example', name: 'Bea Bell' }, 'owner');
    const erased = await watchkeeper(['person', 'erase', ann.email, '--yes'], env);
    expect(erased).toMatchObject({ code: 0, out: expect.stringMatching(/^Erased\..* "erased-[0-9a-f]{8}"/) });
    expect((await watchkeeper(['person', 'export', ann.email], env)).code).toBe(77);
    const { rows } = await house.ctx.db.pool.query(
      `select action from audit_log where action like 'person.%' order by at, id`,
    );
    expect(rows.map(({ action }) => action)).toEqual(['person.exported', 'person.erased']);
  });
});

/** Libraries that answer requests or are rarely needed: a pass from cron must load none of them. */
const lateLibraries =
  /^(fastify|@fastify|@scalar|ajv|fast-json-stringify|better-auth|jose|rate-limiter|nodemailer|undici|yaml|zod)/;

describe('work --once', () => {
  test('loads no routes and none of the libraries that only requests need', async () => {
    await using house = await testApp();
    await using scratch = await scratchDir();
    const list = `${scratch.path}/loaded`;
    const env = { DATABASE_URL: house.database.url, DATA_DIR: scratch.path, SECRET_KEY: secretKey };
    const watched = { ...env, NODE_OPTIONS: `--import=${preload}`, LOADED_LIST: list };
    // Of the sources: the bundle has them all in some files.
    expect(await watchkeeper(['work', '--once'], watched, sources)).toMatchObject({ code: 0 });
    const files = (await readFile(list, 'utf8')).split('\n');
    const packages = new Set(files.map((file) => /.*\/node_modules\/(.*)/.exec(file)?.[1] ?? ''));
    expect(files.filter((file) => file.endsWith('/kysely/dist/index.js'))).toHaveLength(1);
    expect([...packages].filter((name) => lateLibraries.test(name))).toEqual([]);
    const answering = /\/modules\/[^/]+\/http\.ts$|[-/]routes\.ts$/;
    expect(files.filter((file) => answering.test(file))).toEqual([]);
  });

  test("without the server's key does no work and says which key it needs", async () => {
    await using house = await testApp();
    await using scratch = await scratchDir();
    const called = await watchkeeper(['work', '--once'], {
      DATABASE_URL: house.database.url,
      DATA_DIR: `${scratch.path}/data`,
    });
    expect(called).toMatchObject({ code: 1, out: '' });
    expect(called.err).toContain('SECRET_KEY of the server');
    expect(await readdir(scratch.path)).toEqual([]);
  });
});

describe('work that failed for good', () => {
  test('is listed, jobs as well as changes of alerts, and can be tried again or discarded', async () => {
    await using house = await testApp();
    await using scratch = await scratchDir();
    const env = { DATABASE_URL: house.database.url, DATA_DIR: scratch.path, SECRET_KEY: secretKey };
    const jobs = async (verb: string) => JSON.parse((await watchkeeper(['--json', 'jobs', verb], env)).out);
    const body = { title: 'The door stands open', severity: 'high' };
    expect((await house.call('POST', '/api/v1/default/alerts', { body })).status).toBe(201);
    const giveUp = () =>
      house.ctx.db.system((tx) =>
        sql`update alert_transitions set planned_at = now(), plan_error = 'the disk is full'`.execute(tx),
      );
    await giveUp();
    await house.call('POST', '/api/v1/default/sites', {
      body: { slug: 'leeds', name: 'Leeds', timezone: 'UTC' },
    });
    await house.call('POST', '/api/v1/default/devices', { body: { slug: 'till', site: 'leeds' } });
    await house.ctx.db.system((tx) =>
      sql`update domain_events set planned_at = now(), plan_error = 'no luck'`.execute(tx),
    );
    expect(await jobs('failed')).toMatchObject([
      { name: 'device.created.telemetry.state', count: 1, error: 'no luck' },
      { name: 'changes of alerts', count: 1, error: 'the disk is full' },
    ]);
    expect(await jobs('retry')).toEqual({ retried: 1, planned: 1 });
    expect(await jobs('failed')).toEqual([]);
    await giveUp();
    expect(await jobs('discard')).toEqual({ discarded: 0, forgotten: 1 });
    expect(await jobs('failed')).toEqual([]);
  });
});

describe('incidents', () => {
  test('are listed, shown and worked on by their number', async () => {
    await using house = await testApp({ listen: true });
    const report = (title: string) =>
      house.call('POST', '/api/v1/default/incidents', { body: { title, type: title, severity: 'high' } });
    expect([(await report('gate_stuck')).status, (await report('till_dark')).status]).toEqual([201, 201]);
    const env = { WATCHKEEPER_URL: house.url, WATCHKEEPER_API_KEY: bootstrapKey };
    const run = async (...words: string[]) =>
      JSON.parse((await watchkeeper(['--json', 'incidents', ...words], env)).out);
    expect((await run('list')).data).toMatchObject([{ number: 1 }, { number: 2 }]);
    expect(await run('ack', '1', '--note', 'on my way')).toMatchObject({ status: 'acknowledged' });
    expect(await run('snooze', '1', '--for', '1h')).toMatchObject({ attention: 'in_hand' });
    expect(await run('merge', '1', '2')).toMatchObject({ number: 1, alert_count: 2 });
    const { alerts } = await run('show', '1');
    expect(await run('split', '1', alerts[1].alert.id)).toMatchObject({ number: 3 });
    expect(await run('resolve', '1', '--reason', 'Oiled.', '--action', 'New hinge.')).toMatchObject({
      status: 'resolved',
      action_taken: 'New hinge.',
    });
    expect(await run('reopen', '1')).toMatchObject({ status: 'acknowledged' });
    const shown = await watchkeeper(['incidents', 'show', '1'], env);
    expect(shown.out).toContain('is looking at it. "on my way"');
    const strange = await watchkeeper(['incidents', 'assign', '1', '--to', 'ada@club.example'], env);
    expect([strange.code, strange.err]).toEqual([1, expect.stringContaining('No member has the address')]);
  });
});

describe('heartbeat send', () => {
  test("asks the server for the device's organization and site, by the device's token or by a key", async () => {
    await using house = await testApp({ listen: true });
    await house.call('POST', '/api/v1/default/sites', {
      body: { slug: 'store_789', name: 'Store', timezone: 'UTC' },
    });
    const made = await house.call('POST', '/api/v1/default/devices', {
      body: { slug: 'till', site: 'store_789' },
    });
    const send = (credential: Record<string, string>) =>
      watchkeeper(['--json', 'heartbeat', 'send', '--device', 'till', '--metric', 'cpu_usage=5'], {
        WATCHKEEPER_URL: house.url,
        ...credential,
      });
    for (const credential of [
      { WATCHKEEPER_DEVICE_TOKEN: made.body.token },
      { WATCHKEEPER_API_KEY: bootstrapKey },
    ]) {
      const sent = await send(credential);
      expect(sent).toMatchObject({ code: 0, err: '' });
      expect(JSON.parse(sent.out)).toMatchObject({ accepted: true, device_status: 'online' });
    }
    expect(await send({})).toMatchObject({ code: 77, out: '' });
  });
});

describe('oncall', () => {
  test('says who is on call now, and the shifts of a schedule with its gaps', async () => {
    await using house = await testApp({ listen: true });
    const env = { WATCHKEEPER_URL: house.url, WATCHKEEPER_API_KEY: bootstrapKey };
    expect(await watchkeeper(['oncall', 'now'], env)).toMatchObject({ code: 0, out: 'No schedules.\n' });
    await house.call('POST', '/api/v1/default/oncall/schedules', {
      body: { name: 'Front desk', timezone: 'Europe/Berlin', layers: [] },
    });
    const now = await watchkeeper(['oncall', 'now'], env);
    expect(now).toMatchObject({ code: 0, err: '' });
    expect(now.out).toMatch(/Front desk +NOBODY \(no layer has a member\) +not within 35 days +-/);
    const span = ['--from', '2026-03-28T08:00:00Z', '--to', '2026-03-29T08:00:00Z'];
    const shifts = await watchkeeper(['--json', 'oncall', 'shifts', 'front desk', ...span], env);
    expect(JSON.parse(shifts.out)).toMatchObject({
      final: [{ from: '2026-03-28T08:00:00.000Z', person: null, gap_reason: 'no_member' }],
    });
    const wrong = await watchkeeper(['oncall', 'shifts', 'Backyard'], env);
    expect(wrong.err).toContain('There is no schedule "Backyard".');
  });
});
