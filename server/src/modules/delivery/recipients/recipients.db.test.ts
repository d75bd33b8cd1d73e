import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Ctx } from '#platform/context';
import { newId } from '#platform/ids';
import { createParts } from '#platform/parts';
import { type TestApp, testApp } from '../../../../../test/support/app.ts';
import { type TestClock, testClock } from '../../../../../test/support/clock.ts';
import { type Ledger, ledgerOf } from '../../notifications/incidents/ledger.fixture.ts';
import { incidentTopic } from '../../notifications/incidents/topic.ts';
import { tryLockLedger } from '../ledger/ledger-store.ts';
import { writeLedger } from '../ledger/write-ledger.ts';
import { type MailServer, startMailServer } from '../mail-server.fixture.ts';
import { createDeliveries } from '../queue/deliveries.ts';
import { keepTopics } from '../topics/topic.ts';
import { weather } from '../topics/weather.fixture.ts';
import { addRecipient } from './add-recipient.ts';
import { addressRecipients } from './open-recipient.ts';
import { removeRecipient, selectRecipients, suppressRecipient, verifyRecipient } from './store.ts';

const pageMax = 20;
let mail: MailServer;
let clock: TestClock;
let house: TestApp;
let ledger: Ledger;
let next: Ctx;

beforeAll(async () => {
  mail = await startMailServer();
  clock = testClock();
  house = await testApp({ clock, env: { SMTP_URL: mail.url } });
  ledger = await ledgerOf(house);
  next = { ...house.ctx, parts: createParts() };
  keepTopics(next, [{ name: 'weather', topics: [incidentTopic, weather] }]);
});
afterAll(async () => {
  await house.close();
  await mail[Symbol.asyncDispose]();
});
beforeEach(() => void mail.mails.splice(0));
afterEach(async () => {
  await ledger.clear();
  for (const { id } of await everybody()) await tenant((tx) => removeRecipient(tx, ledger.org, id));
});

const now = () => new Date(clock.now());
const tenant: <T>(work: Parameters<typeof house.ctx.db.tenant<T>>[1]) => Promise<T> = (work) =>
  house.ctx.db.tenant(ledger.org, work);
const weatherOf = { topic: 'weather', scopeId: null };
const everybody = () =>
  tenant((tx) => selectRecipients(tx, ledger.org, weatherOf, { afterId: null, limit: 1_000 }));
const add = (address: string, { optedIn = true, verified = true } = {}) =>
  tenant(async (tx) => {
    const recipient = { ...weatherOf, kind: 'email', address, optedInAt: optedIn ? now() : null };
    const id = await addRecipient(tx, ledger.org, recipient, now());
    if (verified) await verifyRecipient(tx, ledger.org, id, now());
    return id;
  });

/** Plans page by page, like a topic with thousands of recipients. Returns the number of pages. */
async function tellAll(sky: string): Promise<number> {
  const transition = { id: newId(), subjectId: newId(), kind: 'changed', facts: { city: 'Oslo', sky } };
  let pages = 0;
  for (let afterId: string | null = null; ; pages += 1) {
    const last: string | undefined = await tenant(async (tx) => {
      expect(await tryLockLedger(tx, ledger.org)).toBe(true);
      const page = await selectRecipients(tx, ledger.org, weatherOf, { afterId, limit: pageMax });
      await writeLedger(
        { ctx: next, tx, organizationId: ledger.org },
        weather,
        addressRecipients(transition, page),
      );
      return page.at(-1)?.id;
    });
    if (last === undefined) return pages;
    afterId = last;
  }
}

async function runOnce(): Promise<void> {
  await using deliveries = createDeliveries(next);
  await deliveries.once(AbortSignal.timeout(60_000));
}

const reached = () => mail.mails.flatMap(({ to }) => to).toSorted();
const ledgerSays = async () =>
  (await ledger.rows()).map((row) => [row.recipient, row.status, row.reason]).toSorted();

it('a recipient who asked for messages and verified the address is told; the ledger says why others are not', async () => {
  await add('alice@x.test');
  await add('bob@x.test', { verified: false });
  await add('carol@x.test', { optedIn: false });
  const dave = await add('dave@x.test');
  await tenant((tx) => suppressRecipient(tx, ledger.org, dave, 'The mail server does not know it.', now()));
  await tellAll('snow');
  await runOnce();
  expect(reached()).toEqual(['alice@x.test']);
  expect(await ledgerSays()).toEqual([
    ['alice@x.test', 'sent', null],
    ['bob@x.test', 'not_sent', 'The address is not verified.'],
    ['carol@x.test', 'not_sent', 'They have not asked to be told.'],
    [
      'dave@x.test',
      'not_sent',
      'Nothing is sent to this address any more: The mail server does not know it.',
    ],
  ]);
});

it('a recipient who leaves while a message waits does not get it', async () => {
  const alice = await add('alice@x.test');
  const bob = await add('bob@x.test');
  await tellAll('hail');
  await tenant((tx) => suppressRecipient(tx, ledger.org, alice, 'They unsubscribed.', now()));
  await tenant((tx) => removeRecipient(tx, ledger.org, bob));
  await runOnce();
  expect(reached()).toEqual([]);
  expect(await ledgerSays()).toEqual([
    ['alice@x.test', 'not_sent', 'Nothing is sent to this address any more: They unsubscribed.'],
    ['bob@x.test', 'not_sent', 'The recipient was removed.'],
  ]);
});

it('an address that is added twice is one recipient, and is told once', async () => {
  expect(await add('alice@x.test', { optedIn: false })).toBe(await add('Alice@x.test'));
  await tellAll('fog');
  await tellAll('sun');
  await runOnce();
  expect(reached()).toEqual(['alice@x.test', 'alice@x.test']);
});

it('an invalid address, or one for a kind without addresses, is refused', async () => {
  await expect(add('alice at x.test')).rejects.toMatchObject({ code: 'validation_failed' });
  const webhook = { ...weatherOf, kind: 'webhook', address: 'https://x.test', optedInAt: null };
  await expect(tenant((tx) => addRecipient(tx, ledger.org, webhook, now()))).rejects.toMatchObject({
    code: 'validation_failed',
  });
});

it('many recipients are planned page by page, each is told once, and an alert does not wait for them', async () => {
  const many = Array.from({ length: 3 * pageMax - 1 }, (_, n) => `${String(n).padStart(3, '0')}@x.test`);
  for (const address of many) await add(address);
  expect(await tellAll('storm')).toBe(3);
  const body = { kind: 'email', name: 'Ops', config: { to: ['ops@x.test'] } };
  expect((await house.call('POST', '/api/v1/default/channels', { body })).status).toBe(201);
  await ledger.transition('opened', await ledger.openAlerts(1));
  await runOnce();
  expect(reached()).toEqual([...many, 'ops@x.test']);
  expect(mail.mails.findIndex(({ to }) => to.includes('ops@x.test'))).toBeLessThan(10);
});
