import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  type AlertingHouse,
  alertingHouse,
  type Given,
} from '../../server/src/modules/alerting/house.fixture.ts';
import { asInstalled } from '../../server/src/modules/incidents/grouping.fixture.ts';
import { type HttpReceiver, httpReceiver } from '../support/receivers.ts';

/** As installed, but the waits, which go by the database's clock: here time only passes when the story says so. */
const env = { ...asInstalled, INCIDENT_GROUP_WAIT: '0', INCIDENT_HOLD_DOWN: '0' };

let shared: AlertingHouse;
let given: Given;
let pager: HttpReceiver;
beforeAll(async () => {
  shared = await alertingHouse(env);
});
afterAll(() => shared[Symbol.asyncDispose]());
beforeEach(async () => {
  given = await shared.newcomer();
  pager = await httpReceiver();
  const added = await given.tenant.call('POST', '/channels', {
    body: { kind: 'webhook', name: 'Pager', config: { url: `${pager.url}/hook` } },
  });
  expect(added.status).toBe(201);
  return () => pager[Symbol.asyncDispose]();
});

const incidents = async () => (await given.tenant.call('GET', '/incidents')).body.data;
const incident = async (number = 1) => (await given.tenant.call('GET', `/incidents/${number}`)).body;
const kinds = async () => (await incident()).timeline.map(({ kind }: { kind: string }) => kind);

/** What the receiver was told, in its words for it. */
const told = () => pager.received.map(({ body }) => JSON.parse(body).type);

async function beatAll(slugs: readonly string[]): Promise<void> {
  for (const slug of slugs) await given.beat(slug, 'dartmouth');
}

async function fleet(count: number): Promise<string[]> {
  await given.site('dartmouth');
  const slugs = Array.from({ length: count }, (_, index) => `pc-${index + 1}`);
  for (const slug of slugs) await given.device(slug, 'dartmouth');
  return slugs;
}

test('a site of fourteen devices loses its power: one incident, one message, two late children, one end', async () => {
  const devices = await fleet(14);
  await beatAll(devices);
  await given.pass(30);
  const late = devices.slice(12);
  await beatAll(late);
  await given.pass(100);
  await given.tick();
  expect(await incident()).toMatchObject({ alert_count: 12, affected: { open: 12, devices: 12 } });
  expect(told()).toHaveLength(1);

  await given.pass(30);
  await given.tick();
  const dark = await incident();
  expect(dark).toMatchObject({
    title: 'pc-1 stopped reporting and 13 more',
    alert_count: 14,
    verdict: { kind: 'potential_power_loss' },
  });
  expect(await incidents()).toHaveLength(1);
  expect(told()).toHaveLength(1);

  await given.pass(300);
  await beatAll(devices.slice(0, 13));
  await given.tick();
  expect(await incident()).toMatchObject({ status: 'open', affected: { open: 1, recovered: 13 } });
  expect(told()).toHaveLength(1);

  await beatAll(devices);
  await given.tick();
  expect(await incident()).toMatchObject({ status: 'resolved', affected: { open: 0, recovered: 14 } });
  expect((await kinds()).filter((kind: string) => kind === 'resolved')).toHaveLength(1);
  expect(told()).toEqual(['incident.opened', 'incident.resolved']);
});

test('a device that flaps for an hour sends three messages at most, and one more when it has held still', async () => {
  await fleet(1);
  expect((await given.changeRule('device_offline', { cooldown: 0 })).status).toBe(200);
  await beatAll(['pc-1']);
  for (let turn = 0; turn < 12; turn += 1) {
    await given.pass(130);
    await given.tick();
    await given.pass(170);
    await beatAll(['pc-1']);
    await given.tick();
  }
  expect(await incidents()).toMatchObject([{ number: 1, repeat_count: 11, flapping: expect.anything() }]);
  expect(told()).toEqual(['incident.opened', 'incident.resolved', 'incident.flapping']);

  for (let minute = 0; minute < 16; minute += 1) {
    await given.pass(60);
    await beatAll(['pc-1']);
    await given.tick();
  }
  expect(await incident()).toMatchObject({ status: 'resolved', flapping: null });
  expect(told()).toEqual(['incident.opened', 'incident.resolved', 'incident.flapping', 'incident.resolved']);
});
