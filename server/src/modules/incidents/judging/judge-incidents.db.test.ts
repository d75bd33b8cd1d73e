import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { tick } from '../../alerting/detection/tick.ts';
import { type AlertingHouse, alertingHouse, type Given } from '../../alerting/house.fixture.ts';
import { groupDue } from '../grouping/group-due.ts';
import { asInstalled } from '../grouping.fixture.ts';
import { judgeActive } from './judge-incidents.ts';

let shared: AlertingHouse;
let given: Given;
beforeAll(async () => {
  shared = await alertingHouse(asInstalled);
});
afterAll(() => shared[Symbol.asyncDispose]());
beforeEach(async () => {
  given = await shared.newcomer();
});

const signal = () => AbortSignal.timeout(60_000);
const bays = (count: number) => Array.from({ length: count }, (_, index) => `bay-${index + 1}`);

async function beating(site: string, slugs: readonly string[]): Promise<void> {
  await given.site(site);
  for (const slug of slugs) {
    await given.device(slug, site);
    await given.beat(slug, site);
  }
}

/** The site falls silent, except for `heard`. Returns its incident. */
async function silence(site: string, heard: readonly string[] = []) {
  await given.pass(70);
  for (const slug of heard) await given.beat(slug, site);
  await given.pass(60);
  await tick(given.house.ctx, signal());
  await groupDue(given.house.ctx, signal());
  return await incident();
}

const incident = async () => (await given.tenant.call('GET', '/incidents/1')).body;

test('a site of which every device falls silent has probably lost power, and the verdict is there at once', async () => {
  await beating('dartmouth', bays(4));
  const found = await silence('dartmouth');
  expect(found.verdict).toMatchObject({
    kind: 'potential_power_loss',
    affected_systems: bays(4),
    counter_evidence: [],
  });
  expect(found.verdict.evidence[0]).toContain('All 4 devices');
  expect(found.timeline.map((line: { kind: string }) => line.kind)).toEqual(['opened', 'verdict_changed']);
  // Judging again finds the same, and writes nothing.
  await judgeActive(given.house.ctx, signal());
  expect((await incident()).version).toBe(found.version);
});

test('when others are heard, it is a part of the site', async () => {
  await beating('dartmouth', bays(4));
  const found = await silence('dartmouth', ['bay-3', 'bay-4']);
  expect(found.verdict).toMatchObject({ kind: 'partial_failure', affected_systems: ['bay-1', 'bay-2'] });
});

test('a door that opened meanwhile means that there is power', async () => {
  await beating('dartmouth', bays(4));
  const found = await silence('dartmouth');
  expect(found.verdict.kind).toBe('potential_power_loss');
  const event = { type: 'door_opened', outcome: 'success', site: 'dartmouth' };
  const sent = await given.tenant.call('POST', '/events', { body: event });
  expect(sent.status).toBeLessThan(300);
  await judgeActive(given.house.ctx, signal());
  const judged = await incident();
  expect(judged.verdict.kind).toBe('network_outage');
  expect(judged.priority.inputs).toContainEqual({
    name: 'people',
    value: 'somebody is there',
    weight: 20,
    points: 20,
  });
});

test('the priority stands on what is known, and says what is not', async () => {
  await beating('dartmouth', bays(2));
  const { priority } = await silence('dartmouth');
  const points = Object.fromEntries(
    priority.inputs.map((input: { name: string; points: number | null }) => [input.name, input.points]),
  );
  expect(points).toMatchObject({ sites: 0, opening_hours: null, people: null, bookings: null });
});
