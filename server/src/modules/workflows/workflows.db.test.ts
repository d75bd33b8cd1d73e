import type { Priority, Severity, Verdict } from '@watchkeeper/contracts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '#platform/ids';
import { type TestApp, testApp } from '../../../../test/support/app.ts';
import { type TestClock, testClock } from '../../../../test/support/clock.ts';
import { type Tenant, testTenant } from '../../../../test/support/tenants.ts';
import { isSignedWith, type Receiver, startReceiver } from '../delivery/receiver.fixture.ts';
import { resolveIncidents } from '../incidents/by-hand.ts';
import { storeJudgements } from '../incidents/by-itself.ts';
import { grouping, openIncidents } from '../incidents/transition.ts';
import { beginDue } from './runs/begin-due.ts';
import { claimRuns } from './runs/run-store.ts';
import { workRuns } from './runs/work-runs.ts';

let house: TestApp;
let clock: TestClock;
let tenant: Tenant;
let receiver: Receiver;
let tenants = 0;
beforeAll(async () => {
  clock = testClock('2026-03-01T12:00:00Z');
  house = await testApp({ clock });
  receiver = await startReceiver();
});
afterAll(async () => {
  await receiver[Symbol.asyncDispose]();
  await house.close();
});
beforeEach(async () => {
  tenants += 1;
  tenant = await testTenant(house, `w${tenants}`);
  clock.advance(86_400);
  receiver.received.length = 0;
});
afterEach(async () => {
  // What an earlier tenant left is not done again in each pass.
  await house.ctx.db.pool.query('delete from workflow_runs');
  await house.ctx.db.pool.query('delete from workflows');
});

const signal = () => AbortSignal.timeout(30_000);
const within = <T>(work: Parameters<typeof house.ctx.db.tenant<T>>[1]) =>
  house.ctx.db.tenant(tenant.id, work);

interface Wanted {
  severity?: Severity;
  priority?: Priority;
  siteId?: string | null;
  muted?: boolean;
}

async function incident({ severity = 'high', priority = 'P3', siteId = null, muted = false }: Wanted = {}) {
  const at = new Date(clock.now());
  const opened = await within((tx) =>
    openIncidents(house.ctx, tx, tenant.id, [
      {
        ...{ organizationId: tenant.id, groupKey: `type:${newId()}`, isCurrent: true },
        ...{ title: 'All bays at Dartmouth are silent', severity, priority, siteId },
        ...{ openedAt: at, lastJoinedAt: at, why: 'It went silent.', details: {}, waitSeconds: 0 },
        muted: muted ? { by: 'maintenance', reason: 'New floor.' } : null,
        members: [],
      },
    ]),
  );
  return opened[0]?.id ?? '';
}

const checklist = (title = 'Power loss') => ({
  kind: 'runbook',
  config: { title, items: ['Look at the fuse box', 'Call the landlord'] },
});
const call = () => ({ kind: 'call_webhook', config: { url: receiver.url }, timeout: '5s' });

async function workflow(change: object = {}) {
  const made = await tenant.call('POST', '/workflows', {
    body: {
      ...{ name: `Response ${newId()}`, mode: 'on', trigger: { on: 'opened' }, steps: [checklist()] },
      ...change,
    },
  });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return made.body;
}

const pass = () => house.app.workOnce(500);
const runs = async (query = '') => (await tenant.call('GET', `/workflows/runs?${query}`)).body.data;
const timeline = async (id: string) =>
  (await tenant.call('GET', `/incidents/${id}`)).body.timeline.map(
    ({ kind, why }: { kind: string; why: string }) => `${kind}: ${why}`,
  );

describe('a workflow', () => {
  test('does its steps in order when an incident opens, once, and each answer stands on the timeline', async () => {
    const channel = { kind: 'webhook', name: 'Front desk', config: { url: `${receiver.url}/told` } };
    expect((await tenant.call('POST', '/channels', { body: channel })).status).toBe(201);
    receiver.answers = [{ status: 200, body: 'generator started' }];
    const steps = [
      call(),
      checklist(),
      { kind: 'conference', config: { url: 'https://meet.example.com/{number}-{code}' } },
      { kind: 'notify', config: { channels: ['front desk', 'no such'], text: 'Please look.' } },
    ];
    const { signing_secret: secret } = await workflow({ name: 'Power loss', steps });
    const id = await incident();
    await pass();
    await pass();
    expect(await runs()).toMatchObject([
      {
        ...{ status: 'done', dry_run: false, why: 'When an incident opens.', incident: { id, number: 1 } },
        steps: [
          { outcome: 'done', answer: 'It answered 200: generator started' },
          { outcome: 'done', answer: '"Power loss" is below.' },
          {
            outcome: 'done',
            answer: expect.stringMatching(/^Meet at https:\/\/meet\.example\.com\/1-\w{10}$/),
          },
          { outcome: 'done' },
        ],
      },
    ]);
    const [asked] = receiver.received;
    const told = receiver.received.filter(({ body }) => JSON.parse(body).type === 'workflow.message');
    expect(told).toHaveLength(1);
    expect(isSignedWith(secret, asked)).toBe(true);
    expect(JSON.parse(asked?.body ?? '')).toMatchObject({
      type: 'workflow.step',
      data: { organization: tenant.slug, workflow: { name: 'Power loss' }, incident: { id, number: 1 } },
    });
    expect(JSON.parse(told[0]?.body ?? '')).toMatchObject({
      type: 'workflow.message',
      data: { messages: [{ text: 'Please look.', number: 1 }] },
    });
    expect((await timeline(id)).filter((line: string) => line.startsWith('responded'))).toEqual([
      'responded: It answered 200: generator started',
      'responded: "Power loss" is below.',
      expect.stringMatching(/^responded: Meet at/),
      'responded: Handed over for front desk, no such.',
    ]);
    const { data } = (await tenant.call('GET', '/notifications')).body;
    expect(data.map((row: { status: string; reason: string | null }) => [row.status, row.reason])).toEqual(
      expect.arrayContaining([
        ['sent', null],
        ['not_sent', 'The workflow tells a channel that does not exist: no such.'],
      ]),
    );
  });

  test('in a dry run says what it would do, and does nothing', async () => {
    await workflow({ mode: 'dry_run', steps: [call(), checklist()] });
    const id = await incident();
    await pass();
    const [run] = await runs();
    expect(run).toMatchObject({ status: 'done', dry_run: true });
    expect(run.steps.map((step: { answer: string }) => step.answer)).toEqual([
      'Would: Call 127.0.0.1:'.concat(new URL(receiver.url).port, ' and wait for its answer.'),
      'Would: Add "Power loss" with 2 items.',
    ]);
    expect(receiver.received).toEqual([]);
    expect((await tenant.call('GET', `/incidents/${id}/responses`)).body.checklists).toEqual([]);
  });

  test('stops at a failed step that says so, and goes on after any other', async () => {
    receiver.answers = [{ status: 500 }, { status: 500 }];
    await workflow({ name: 'A', steps: [{ ...call(), on_failure: 'stop' }, checklist()] });
    await workflow({ name: 'B', steps: [call(), checklist()] });
    await incident();
    await pass();
    const outcomes = (await runs()).map(
      (run: { workflow: { name: string }; status: string; steps: object[] }) => [
        run.workflow.name,
        run.status,
        ...run.steps.map((step) => ('outcome' in step ? step.outcome : null)),
      ],
    );
    expect(outcomes.toSorted()).toEqual([
      ['A', 'failed', 'failed', null],
      ['B', 'failed', 'failed', 'done'],
    ]);
  });

  test('ends a step at its time-out', async () => {
    receiver.answers = [null];
    await workflow({ steps: [{ ...call(), timeout: 1 }] });
    await incident();
    await pass();
    expect((await runs())[0]).toMatchObject({
      status: 'failed',
      steps: [{ answer: expect.stringMatching(/^(No answer within|It took longer than) 1 s\.$/) }],
    });
  });

  test('reminds later, and only while the incident is there', async () => {
    const remind = { kind: 'remind', config: { after_seconds: 600, channels: ['desk'], text: '' } };
    await workflow({ steps: [remind, checklist()] });
    const [still, over] = [await incident(), await incident()];
    await pass();
    expect((await runs()).map((run: { status: string }) => run.status)).toEqual(['running', 'running']);
    const actor = { kind: 'system', id: 'test', name: 'Test' } as const;
    await within((tx) => resolveIncidents(house.ctx, tx, [over], { reason: 'The fuse is in.' }, { actor }));
    clock.advance(599);
    await pass();
    expect((await runs('status=running')).length).toBe(2);
    clock.advance(1);
    await pass();
    expect((await timeline(over)).at(-2)).toBe('responded: It was over by then.');
    expect((await timeline(still)).at(-2)).toBe('responded: Reminded desk.');
    expect((await runs()).map((run: { status: string }) => run.status)).toEqual(['done', 'done']);
  });
});

describe('runs for', () => {
  const numbers = async () =>
    (await runs('status=done'))
      .map((run: { incident: { number: number } }) => run.incident.number)
      .toSorted();

  test('what happens after it was switched on, and never for a muted incident', async () => {
    await incident();
    clock.advance(10);
    await workflow();
    await incident({ muted: true });
    await incident();
    await pass();
    expect(await numbers()).toEqual([3]);
  });

  test('severities, sites and priorities as its conditions say', async () => {
    const site = { slug: 'dartmouth', name: 'Dartmouth', timezone: 'UTC' };
    const siteId = (await tenant.call('POST', '/sites', { body: site })).body.id;
    const conditions = { severity_min: 'high', priority_min: 'P2', sites: ['dartmouth'] };
    await workflow({ conditions });
    await incident({ severity: 'medium', priority: 'P1', siteId });
    await incident({ severity: 'critical', priority: 'P3', siteId });
    await incident({ severity: 'critical', priority: 'P1' });
    await incident({ severity: 'critical', priority: 'P2', siteId });
    // As if people had set the priorities: they are not computed anew.
    await house.ctx.db.pool.query("update incidents set priority_by = 'Ada' where organization_id = $1", [
      tenant.id,
    ]);
    await pass();
    expect(await numbers()).toEqual([4]);
  });

  test('a priority, a likely cause, an age and an end, when they come', async () => {
    await workflow({ name: 'priority', trigger: { on: 'priority', priority: 'P2' } });
    await workflow({
      name: 'verdict',
      trigger: { on: 'verdict', verdicts: ['network_outage'], confidence_min: 0.7 },
    });
    await workflow({ name: 'age', trigger: { on: 'age', after: '10m', unacknowledged: true } });
    await workflow({ name: 'resolved', trigger: { on: 'resolved' } });
    const id = await incident();
    const done = async () => {
      await pass();
      return (await runs('status=done'))
        .map((run: { workflow: { name: string } }) => run.workflow.name)
        .toReversed();
    };
    expect(await done()).toEqual([]);
    const found: Verdict = {
      ...{ kind: 'network_outage', confidence: 0.8, suggested_cause: 'The line is cut.' },
      ...{ evidence: [], counter_evidence: [], affected_systems: [] },
      time_window: { from: '2026-03-01T12:00:00Z', to: '2026-03-01T12:01:00Z' },
    };
    const judge = (level: Priority, verdict: Verdict | null) =>
      within((tx) =>
        storeJudgements(house.ctx, tx, [{ incidentId: id, verdict, priority: { level, inputs: [] } }]),
      );
    await judge('P1', null);
    expect(await done()).toEqual(['priority']);
    await judge('P1', found);
    clock.advance(1);
    expect(await done()).toEqual(['priority', 'verdict']);
    clock.advance(600);
    expect(await done()).toEqual(['priority', 'verdict', 'age']);
    clock.advance(1);
    await within((tx) =>
      resolveIncidents(house.ctx, tx, [id], { reason: 'It is back.' }, { actor: grouping }),
    );
    expect(await done()).toEqual(['priority', 'verdict', 'age', 'resolved']);
  });

  test('open sites only, judged at the moment, and says so where it does not', async () => {
    const hours = { opening_hours: { monday: [{ open: '02:00', close: '03:00' }] } };
    const site = { slug: 'closed', name: 'Closed', timezone: 'UTC', ...hours };
    const made = await tenant.call('POST', '/sites', { body: site });
    expect(made.status).toBe(201);
    await workflow({ conditions: { hours: 'open' } });
    await incident({ siteId: made.body.id });
    await pass();
    expect(await runs()).toMatchObject([
      { status: 'skipped', why: 'Not run: the site was closed.', steps: [{}] },
    ]);
  });
});

describe('is bounded', () => {
  test('by the hour: a run beyond it is skipped, and says so', async () => {
    await workflow({ runs_per_hour: 2 });
    for (let index = 0; index < 3; index += 1) await incident();
    await pass();
    const statuses = (await runs()).map((run: { status: string }) => run.status);
    expect(statuses.toSorted()).toEqual(['done', 'done', 'skipped']);
    expect((await runs('status=skipped'))[0].why).toMatch(/ran 2 times within the last hour/);
    clock.advance(3_601);
    await incident();
    await pass();
    expect((await runs('status=done')).length).toBe(3);
  });

  test('by the kill switch: what waits is stopped, nothing begins, and it can be taken back', async () => {
    await workflow({
      steps: [{ kind: 'remind', config: { after_seconds: 60, channels: ['desk'], text: '' } }],
    });
    await incident();
    await pass();
    const stop = await tenant.call('POST', '/workflows/stop', { body: { reason: 'It pages everybody.' } });
    expect(stop).toMatchObject({ status: 200, body: { stopped: { reason: 'It pages everybody.' } } });
    await incident();
    clock.advance(120);
    await pass();
    expect((await runs()).map((run: { status: string }) => run.status)).toEqual(['stopped']);
    expect((await tenant.call('POST', '/workflows/resume')).body.stopped).toBeNull();
    await pass();
    expect((await runs('status=running')).length).toBe(1);
  });

  test('by processes: two begin it once, and a dead one is replaced by the same step', async () => {
    await using other = await testApp({ clock, database: house.database });
    await workflow({ steps: [call()] });
    await incident();
    await Promise.all([beginDue(house.ctx, signal()), beginDue(other.ctx, signal())]);
    expect((await runs()).length).toBe(1);
    // A worker claims the run and dies.
    const claim = { now: new Date(clock.now()), leaseSeconds: 330, limit: 10 };
    const [claimed] = await house.ctx.db.system((tx) => claimRuns(tx, claim));
    await Promise.all([workRuns(house.ctx, signal()), workRuns(other.ctx, signal())]);
    expect(receiver.received).toEqual([]);
    await house.ctx.db.pool.query("update workflow_runs set lease_until = lease_until - interval '1 hour'");
    await Promise.all([workRuns(house.ctx, signal()), workRuns(other.ctx, signal())]);
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([claimed?.steps[0]?.id]);
    expect((await runs('status=done')).length).toBe(1);
  });
});

describe('people', () => {
  test('start it by hand, see a preview, and tick a checklist', async () => {
    const id = await incident({ severity: 'low' });
    const { id: workflowId } = await workflow({ conditions: { severity_min: 'critical' } });
    const start = () => tenant.call('POST', `/workflows/${workflowId}/start`, { body: { incident: id } });
    expect((await start()).status).toBe(201);
    expect(await start()).toMatchObject({ status: 409, body: { code: 'conflict' } });
    await pass();
    const responses = async () => (await tenant.call('GET', `/incidents/${id}/responses`)).body;
    const [list] = (await responses()).checklists;
    const tick = (item: number, done: boolean) =>
      tenant.call('PUT', `/checklists/${list.id}/items/${item}`, { body: { done } });
    expect((await tick(1, true)).body.items[1]).toMatchObject({ done_at: expect.any(String) });
    expect((await tick(7, true)).status).toBe(404);
    expect((await timeline(id)).at(-1)).toMatch(/did: Call the landlord$/);
    const body = { name: 'Next', trigger: { on: 'opened' }, steps: [checklist()], days: 7 };
    expect((await tenant.call('POST', '/workflows/preview', { body })).body).toMatchObject({
      ...{ words: 'When an incident opens.', steps: ['Add "Power loss" with 2 items.'], days: 7, count: 1 },
      incidents: [{ id }],
    });
  });

  test('hear what is wrong with one', async () => {
    const base = { name: 'Odd', steps: [checklist()], trigger: { on: 'opened' } };
    const refused = async (change: object) =>
      (await tenant.call('POST', '/workflows', { body: { ...base, ...change } })).body.errors;
    expect(await refused({ trigger: { on: 'age' } })).toMatchObject([{ field: 'trigger.after' }]);
    expect(await refused({ trigger: { on: 'priority' } })).toMatchObject([{ field: 'trigger.priority' }]);
    expect(await refused({ steps: [{ kind: 'run_ai', config: {} }] })).toMatchObject([{ field: 'kind' }]);
    const metadata = { kind: 'call_webhook', config: { url: 'http://169.254.169.254/' } };
    expect(await refused({ steps: [metadata] })).toMatchObject([{ field: 'steps.0.config.url' }]);
    await workflow({ name: 'Twice' });
    expect(await refused({ name: 'twice' })).toMatchObject([{ field: 'name' }]);
  });
});
