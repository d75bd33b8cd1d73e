import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import pg from 'pg';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { decodePings } from '../../server/src/modules/checks/pings/ping.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { pause } from '../support/fleet.ts';
import { freePort, type ServerProcess, scratchDir, startServer } from '../support/server-process.ts';
import { waitFor } from '../support/wait-for.ts';

const kills = 10;
/** Parallel senders of each check; each sends its next ping when the last one was answered. */
const senders = 4;
const pingsKept = 100;
const answerMs = 5_000;
const retryMs = 50;

/** Jobs that report their start and their end, good or bad; plain check-ins; and checks that are due every two seconds. */
const shapes = [
  { slug: 'jobs-a', says: 'runs', config: { period: 3_600, grace: 600 } },
  { slug: 'jobs-b', says: 'runs', config: { period: 3_600, grace: 600 } },
  { slug: 'failing', says: 'failures', config: { period: 3_600, grace: 600 } },
  { slug: 'plain', says: 'successes', config: { period: 3_600, grace: 600 } },
  { slug: 'tight-a', says: 'successes', config: { period: 2, grace: 3 } },
  { slug: 'tight-b', says: 'successes', config: { period: 2, grace: 3 } },
] as const;

interface Check {
  readonly slug: string;
  readonly says: (typeof shapes)[number]['says'];
  readonly id: string;
  readonly path: string;
}

/** Every single attempt by its text, `<sender> <number> <attempt>`, and whether it was answered with 200. */
interface Told {
  readonly acknowledged: Set<string>;
  readonly unanswered: Set<string>;
  readonly refused: number[];
}

let database: TestDatabase;
let owner: pg.Client;
let server: ServerProcess;

beforeAll(async () => {
  database = await testDatabase();
  owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  // Copies every row of the journal in the same transaction, because the applier empties it.
  await owner.query(`
    create table journal_seen (id bigint, items text);
    create function note_journal() returns trigger language plpgsql security definer as
      $$ begin insert into journal_seen values (new.id, new.items); return null; end $$;
    create trigger note_journal after insert on ping_journal for each row execute function note_journal()`);
});
afterAll(async () => {
  await owner.end();
  await database.close();
});

async function make(shape: (typeof shapes)[number]): Promise<Check> {
  const made = await server.call('POST', '/api/v1/default/checks', {
    slug: shape.slug,
    kind: 'ping',
    config: shape.config,
  });
  expect(made.status).toBe(201);
  // Safe because a 201 carries both.
  const { id, ping_url: url } = made.body as { id: string; ping_url: string };
  return { slug: shape.slug, says: shape.says, id, path: new URL(url).pathname };
}

function send(agent: Agent, path: string, words: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const url = new URL(server.url + path);
    const outgoing = request(url, { method: 'POST', agent, timeout: answerMs }, (answer) => {
      answer.on('error', () => resolve(undefined));
      answer.on('end', () => resolve(answer.statusCode));
      answer.resume();
    });
    outgoing.on('timeout', () => outgoing.destroy());
    outgoing.on('error', () => resolve(undefined));
    outgoing.end(words);
  });
}

/** `givenUp`: the test has failed and does not wait for the last pings. */
interface Load {
  stopping: boolean;
  givenUp: boolean;
}

/** One sender: a ping is repeated until it is answered; only then the next one is sent. */
async function live(check: Check, name: string, told: Told, load: Load): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let number = 0;
  const deliver = async (path: string): Promise<void> => {
    number += 1;
    let attempt = 0;
    await waitFor(`ping ${number} of ${name} to be taken`, async () => {
      if (load.givenUp) return true;
      attempt += 1;
      const words = `${name} ${number} ${attempt}`;
      const status = await send(agent, check.path + path, words);
      if (status === 200) {
        told.acknowledged.add(words);
        return true;
      }
      told.unanswered.add(words);
      if (status !== undefined) told.refused.push(status);
      await pause(retryMs);
      return false;
    });
  };
  try {
    for (let turn = 0; !load.stopping; turn += 1) {
      const run = randomUUID();
      if (check.says === 'successes') await deliver('');
      else {
        await deliver(`/start?rid=${run}`);
        await deliver(check.says === 'failures' && turn % 3 === 0 ? `/3?rid=${run}` : `?rid=${run}`);
      }
    }
  } finally {
    agent.destroy();
  }
}

interface Taken {
  readonly words: string;
  readonly kind: string;
  readonly exitStatus: number | null;
}

/** Every ping that was ever committed, by check. */
async function readTaken(): Promise<Map<string, Taken[]>> {
  const { rows } = await owner.query<{ items: string }>('select items from journal_seen order by id');
  const taken = rows.flatMap(({ items }) =>
    decodePings(items).map(({ checkId, kind, exitStatus, body }) => ({
      checkId,
      kind,
      exitStatus,
      words: Buffer.from(body ?? '', 'base64').toString('utf8'),
    })),
  );
  return Map.groupBy(taken, ({ checkId }) => checkId);
}

const journalRows = async (): Promise<number> =>
  (await owner.query('select from ping_journal')).rowCount ?? 0;

interface Kept {
  readonly n: string;
  readonly body: string;
  readonly kind: string;
  readonly duration_ms: number | null;
}

async function readKept(check: Check): Promise<Kept[]> {
  const { rows } = await owner.query<Kept>(
    `select n, kind, duration_ms, convert_from(body, 'UTF8') as body from check_pings where check_id = $1 order by n`,
    [check.id],
  );
  return rows;
}

/** The numbers of each sender in the order given. */
function bySender(words: readonly string[]): Map<string, number[]> {
  const numbers = new Map<string, number[]>();
  for (const text of words) {
    const [sender = '', number] = text.split(' ');
    const own = numbers.get(sender) ?? [];
    own.push(Number(number));
    numbers.set(sender, own);
  }
  return numbers;
}

const ascending = (numbers: readonly number[]) => numbers.toSorted((one, other) => one - other);

test('kill -9 ten times under pings: each acknowledged ping counts once and in order, and no check is wrongly called down', async () => {
  await using folder = await scratchDir();
  const env = {
    PORT: String(await freePort()),
    DATA_DIR: folder.path,
    DATABASE_URL: database.url,
    SECRET_KEY: 'the same key in every test process 0123',
    PING_RATE_LIMIT_PER_MINUTE: '0',
    LOG_LEVEL: 'warn',
  };
  server = await startServer(env);
  onTestFinished(() => server.kill('SIGKILL'));
  const checks: Check[] = [];
  for (const shape of shapes) checks.push(await make(shape));

  const load: Load = { stopping: false, givenUp: false };
  using _ = { [Symbol.dispose]: () => Object.assign(load, { stopping: true, givenUp: true }) };
  const told: Told = { acknowledged: new Set(), unanswered: new Set(), refused: [] };
  const lives = checks.flatMap((check) =>
    Array.from({ length: senders }, (_, index) => live(check, `${check.slug}/${index}`, told, load)),
  );
  for (let kill = 0; kill < kills; kill += 1) {
    const before = told.acknowledged.size;
    await waitFor('pings to be answered', () => told.acknowledged.size > before);
    // The moment falls between the first batches and the applier's rest.
    await pause(Math.random() * 600);
    await server.kill('SIGKILL');
    server = await startServer(env);
  }
  // While all of them still ping: no check is late, and only reported failures have an alert.
  await waitFor(
    'every check to have the state of its pings',
    async () => (await inTrouble(checks)).length === 0,
  );
  const titles = await activeAlerts();
  expect(titles.filter((title) => title !== 'failing is down')).toEqual([]);
  const stoppedAt = new Date();
  load.stopping = true;
  await Promise.all(lives);
  await waitFor('the journal to be empty', async () => (await journalRows()) === 0);

  expect(told.refused, 'every answer was 200').toEqual([]);
  expect(told.unanswered.size, 'the kills cut pings off').toBeGreaterThan(0);
  const taken = await readTaken();
  const all = [...taken.values()].flat().map(({ words }) => words);
  expect(new Set(all).size, 'nothing was committed twice').toBe(all.length);
  const committed = new Set(all);
  expect([...told.acknowledged].filter((words) => !committed.has(words))).toEqual([]);
  expect(all.filter((words) => !told.acknowledged.has(words) && !told.unanswered.has(words))).toEqual([]);

  for (const check of checks) {
    const own = taken.get(check.id) ?? [];
    await expectCounted(check, own);
    await expectOnlyReportedFailures(check, own, stoppedAt);
  }
  await server.kill('SIGTERM');
});

/** Safe because the OpenAPI document promises these shapes, and the tests of the API hold it to them. */
async function standing(check: Check) {
  const { body } = await server.call('GET', `/api/v1/default/checks/${check.slug}`);
  return body as { state: { status: string }; ping: { phase: string; pings: number; runs: number } };
}

async function activeAlerts(): Promise<string[]> {
  const { body } = await server.call('GET', '/api/v1/default/alerts?status=active');
  return (body as { data: { title: string }[] }).data.map(({ title }) => title);
}

async function inTrouble(checks: readonly Check[]): Promise<string[]> {
  const judged = checks.filter(({ says }) => says !== 'failures');
  const phases = await Promise.all(
    judged.map(async (check) => {
      const { state, ping } = await standing(check);
      return { slug: check.slug, status: state.status, phase: ping.phase };
    }),
  );
  for (const { slug, status, phase } of phases) {
    expect(status, slug).not.toBe('down');
    expect(['down', 'overrunning'], slug).not.toContain(phase);
  }
  // A restart that took longer than the gap leaves "unknown" until the next check-in is applied.
  return phases.filter(({ status }) => status !== 'up').map(({ slug }) => slug);
}

async function expectCounted(check: Check, taken: readonly Taken[]): Promise<void> {
  const { ping } = await standing(check);
  expect([ping.pings, ping.runs], `${check.slug}: pings and open runs`).toEqual([taken.length, 0]);

  const kept = await readKept(check);
  const numbers = kept.map(({ n }) => Number(n));
  expect(numbers, 'the last hundred, by number').toEqual(
    Array.from({ length: pingsKept }, (_, index) => taken.length - pingsKept + 1 + index),
  );
  const committed = bySender(taken.map(({ words }) => words));
  for (const [sender, own] of bySender(kept.map(({ body }) => body))) {
    expect(own, `${sender} in its own order`).toEqual(ascending(own));
    expect(own, `the newest of ${sender}`).toEqual(ascending(committed.get(sender) ?? []).slice(-own.length));
  }
  // The first attempt of an end follows an acknowledged start, so its run was known.
  const ends = kept.filter(({ kind, body }) => kind !== 'start' && body.endsWith(' 1'));
  const timed = ends.filter(({ duration_ms: ms }) => ms !== null);
  expect(timed, `${check.slug}: ends with a duration`).toHaveLength(
    check.says === 'successes' ? 0 : ends.length,
  );
}

/** Each reported failure is one result. One more would be a silence or a run that was wrongly judged as failed. */
async function expectOnlyReportedFailures(check: Check, taken: readonly Taken[], until: Date): Promise<void> {
  const { rows } = await owner.query<{ reason: string; count: number }>(
    `select reason, count(*)::int as count from check_results
     where check_id = $1 and outcome = 'failed' and (at <= $2 or reason like 'It ended%') group by 1`,
    [check.id, until],
  );
  const failures = taken.filter(({ exitStatus }) => exitStatus === 3).length;
  const words = 'It ended with exit status 3.';
  expect(rows, check.slug).toEqual(failures === 0 ? [] : [{ reason: words, count: failures }]);
  expect(failures > 0).toBe(check.says === 'failures');
}
