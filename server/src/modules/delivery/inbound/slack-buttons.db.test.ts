import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { wrongPerMinute } from '#platform/http/wrong-credentials';
import { newId } from '#platform/ids';
import { type TestApp, testApp } from '../../../../../test/support/app.ts';
import { type TestClock, testClock } from '../../../../../test/support/clock.ts';
import { type Ledger, ledgerOf } from '../../notifications/incidents/ledger.fixture.ts';
import { retentionWork } from '../ledger/retention.ts';
import { type Press, type SlackWorkspace, slackSigningSecret, startSlack } from '../slack.fixture.ts';

const acknowledge = 'watchkeeper:acknowledge';
const resolve = 'watchkeeper:resolve';

let clock: TestClock;
let house: TestApp;
let ledger: Ledger;
let slack: SlackWorkspace;
let channel: { id: string; callback_url: string | null };
let alert: string;

beforeAll(async () => {
  clock = testClock();
  house = await testApp({ clock, env: { PUBLIC_URL: 'https://watch.example.test/wk' } });
  ledger = await ledgerOf(house);
});
afterAll(() => house.close());
beforeEach(async () => {
  slack = await startSlack(clock.now);
  channel = await addChannel({ webhook_url: slack.url, signing_secret: slackSigningSecret });
  [alert = ''] = await ledger.openAlerts(1);
  await ledger.transition('opened', [alert]);
  await ledger.runOnce();
});
afterEach(async () => {
  await ledger.clear();
  await slack[Symbol.asyncDispose]();
});

async function addChannel(config: object) {
  const body = { kind: 'slack', name: 'Ops', config };
  const answer = await house.call('POST', '/api/v1/default/channels', { body });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body;
}

/** As Slack reaches us: at the public address, whose path a proxy may have left in place. */
async function arrive({ headers, body }: Press, id = channel.id, peer = '192.0.2.1'): Promise<number> {
  const url = `/wk/api/v1/inbound/slack/${id}`;
  const answer = await house.http.inject({
    method: 'POST',
    url,
    headers,
    payload: body,
    remoteAddress: peer,
  });
  return answer.statusCode;
}

const read = async () => (await house.call('GET', `/api/v1/default/alerts/${alert}`)).body;
const message = () => slack.messages[0];
const lastBlock = () => JSON.stringify(message()?.blocks.at(-1));
const audited = async (action: string) =>
  (await house.call('GET', `/api/v1/default/audit?action=${action}`)).body.data;

describe('a button in a message', () => {
  it('acknowledges the alert, as the person whom Slack names, and the message says so', async () => {
    expect(slack.buttonsOf(message())).toEqual([acknowledge, resolve]);
    expect(await arrive(slack.press(message(), acknowledge))).toBe(200);
    const now = await read();
    expect(now.status).toBe('acknowledged');
    expect(now.timeline.at(-1)).toMatchObject({
      kind: 'acknowledged',
      actor: { kind: 'channel', id: channel.id, name: 'ada (Ops)' },
    });
    expect(slack.buttonsOf(message())).toEqual([resolve]);
    expect(lastBlock()).toContain('Acknowledged by ada.');
    expect(message()?.blocks[0]).toMatchObject({ type: 'header' });
  });

  it('leaves two records: what was done to the alert, and that the channel asked for it', async () => {
    await arrive(slack.press(message(), acknowledge));
    expect((await audited('incident.acknowledged'))[0]).toMatchObject({
      actor: { kind: 'channel', name: 'ada (Ops)' },
      target: { id: await ledger.incidentOf(alert) },
    });
    expect((await audited('channel.called_back'))[0]).toMatchObject({
      actor: { kind: 'channel', id: channel.id },
      target: { kind: 'channel', id: channel.id, name: 'Ops' },
      after: {
        action: 'acknowledge',
        subject_id: await ledger.incidentOf(alert),
        actor_id: 'U0ADA',
        outcome: 'done',
      },
    });
  });

  it('resolves the alert, also after it was acknowledged, and nothing is left to press', async () => {
    await arrive(slack.press(message(), acknowledge));
    expect(await arrive(slack.press(message(), resolve, { user: 'bob' }))).toBe(200);
    expect(await read()).toMatchObject({ status: 'resolved', resolved_reason: 'Resolved by bob (Ops)' });
    expect(slack.buttonsOf(message())).toEqual([]);
    expect(lastBlock()).toContain('Resolved by bob.');
    expect(message()?.blocks.filter(({ type }) => type === 'context')).toHaveLength(1);
    // The end is told like every other, and has nothing to press.
    await ledger.plan();
    await ledger.runOnce();
    expect(slack.messages[1]?.text).toMatch(/^Resolved: /);
    expect(slack.buttonsOf(slack.messages[1])).toEqual([]);
  });

  it('of an alert that is over tells the person alone why nothing was done', async () => {
    await house.call('POST', `/api/v1/default/alerts/${alert}/resolve`, { body: { reason: 'mended' } });
    await ledger.group();
    expect(await arrive(slack.press(message(), acknowledge))).toBe(200);
    expect(slack.whispers).toEqual([
      'This incident is resolved already; it cannot be acknowledged any more.',
    ]);
    expect(slack.buttonsOf(message())).toEqual([acknowledge, resolve]);
  });

  it('that somebody pressed before says so and changes nothing', async () => {
    const [first, second] = [slack.press(message(), acknowledge), slack.press(message(), acknowledge)];
    await arrive(first);
    expect(await arrive(second)).toBe(200);
    expect(
      (await read()).timeline.filter(({ kind }: { kind: string }) => kind === 'acknowledged'),
    ).toHaveLength(1);
    expect(lastBlock()).toContain('Somebody did that already.');
  });

  it.each([
    ['an alert that is not there', acknowledge, `alert:${newId()}`, 'This alert does not exist any more.'],
    [
      'a topic of another release',
      acknowledge,
      `desk:${newId()}`,
      'Watchkeeper does not know this button any more.',
    ],
    [
      'an action of another release',
      'watchkeeper:snooze',
      `alert:${newId()}`,
      'Watchkeeper does not know this button.',
    ],
  ])('of %s is refused in words', async (_what, action, value, words) => {
    expect(await arrive(slack.press(message(), action, { value }))).toBe(200);
    expect(slack.whispers).toEqual([words]);
  });

  it('does nothing while the channel is switched off', async () => {
    const body = { name: 'Ops', config: {}, enabled: false };
    await house.call('PUT', `/api/v1/default/channels/${channel.id}`, {
      body: { ...body, config: { webhook_url: '***' } },
      headers: { 'if-match': '"1"' },
    });
    expect(await arrive(slack.press(message(), acknowledge))).toBe(200);
    expect(slack.whispers).toEqual(['The channel is switched off in Watchkeeper.']);
    expect((await read()).status).toBe('open');
  });

  it('that only opens a link is taken and asks nothing of us', async () => {
    expect(await arrive(slack.press(message(), 'slack0'))).toBe(200);
    expect([slack.whispers, (await read()).status]).toEqual([[], 'open']);
  });

  it('is carried out although its answer may not be sent to where the request says', async () => {
    const press = slack.press(message(), acknowledge, { responseUrl: 'http://10.0.0.1/answers/0' });
    expect(await arrive(press)).toBe(200);
    expect((await read()).status).toBe('acknowledged');
    expect(lastBlock()).not.toContain('Acknowledged');
  });
});

describe('a request that is not genuine', () => {
  const wrong: readonly [string, (press: Press) => Press][] = [
    ['signed with another secret', () => slack.press(message(), acknowledge, { secret: 'x'.repeat(32) })],
    ['changed on its way', (press) => ({ ...press, body: `${press.body}%20` })],
    ['older than five minutes', () => slack.press(message(), acknowledge, { atMs: clock.now() - 301_000 })],
    ['from the future', () => slack.press(message(), acknowledge, { atMs: clock.now() + 301_000 })],
    ['without a signature', ({ body }) => ({ headers: { 'content-type': 'application/json' }, body })],
    [
      'with an empty signature',
      (press) => ({ ...press, headers: { ...press.headers, 'x-slack-signature': '' } }),
    ],
    [
      'with a signature that is no text of ours',
      (press) => ({ ...press, headers: { ...press.headers, 'x-slack-signature': 'é'.repeat(67) } }),
    ],
    [
      'with a time that is no number',
      (press) => ({ ...press, headers: { ...press.headers, 'x-slack-request-timestamp': '1e9' } }),
    ],
  ];
  it.each(wrong)('%s is refused and changes nothing', async (_what, spoil) => {
    expect(await arrive(spoil(slack.press(message(), acknowledge)))).toBe(401);
    expect((await read()).status).toBe('open');
    expect(await audited('channel.called_back')).not.toContainEqual(
      expect.objectContaining({ target: expect.objectContaining({ id: channel.id }) }),
    );
  });

  it('is refused alike whether the channel exists or not', async () => {
    const press = slack.press(message(), acknowledge);
    expect(await arrive(press, newId())).toBe(401);
    const plain = await addChannel({ webhook_url: `${slack.url}-2` });
    expect(plain.callback_url).toBeNull();
    expect(await arrive(press, plain.id)).toBe(401);
    expect(await arrive(press, 'no-id')).toBe(400);
  });

  it('counts against the network it came from', async () => {
    const forged = slack.press(message(), acknowledge, { secret: 'x'.repeat(32) });
    const other = newId();
    for (let n = 0; n < wrongPerMinute; n += 1) expect(await arrive(forged, other, '198.51.100.7')).toBe(401);
    expect(await arrive(forged, other, '198.51.100.7')).toBe(429);
    expect(await arrive(slack.press(message(), acknowledge))).toBe(200);
  });

  it('that is too large is not read', async () => {
    const press = slack.press(message(), acknowledge);
    expect(await arrive({ ...press, body: 'x'.repeat(262_145) })).toBe(413);
  });
});

it('a copy of a genuine request does not do it again', async () => {
  const press = slack.press(message(), acknowledge);
  await arrive(press);
  await house.call('POST', `/api/v1/default/alerts/${alert}/unacknowledge`, {});
  expect(await arrive(press)).toBe(200);
  expect((await read()).status).toBe('open');
  // Forgotten after a day: by then its time alone refuses it.
  clock.advance(2 * 86_400);
  await retentionWork.run(house.ctx, AbortSignal.timeout(120_000));
  const { rows } = await house.ctx.db.pool.query('select count(*)::int as count from channel_callbacks');
  expect(rows).toEqual([{ count: 0 }]);
  expect(await arrive(press)).toBe(401);
});

it('an alert of another organization is out of reach', async () => {
  await house.call('POST', '/api/v1/orgs', { body: { slug: 'other', name: 'Other' } });
  const body = {
    kind: 'slack',
    name: 'Theirs',
    config: { webhook_url: slack.url, signing_secret: slackSigningSecret },
  };
  const theirs = await house.call('POST', '/api/v1/other/channels', { body });
  expect(await arrive(slack.press(message(), acknowledge), theirs.body.id)).toBe(200);
  expect(slack.whispers).toEqual(['This incident does not exist any more.']);
  expect((await read()).status).toBe('open');
});

describe('the signing secret', () => {
  it('gives the channel an address to be called at, and is never answered', async () => {
    expect(channel.callback_url).toBe(`https://watch.example.test/wk/api/v1/inbound/slack/${channel.id}`);
    expect(JSON.stringify(channel)).not.toContain(slackSigningSecret);
  });

  it('brings the buttons; without it the messages are as they were', async () => {
    await addChannel({ webhook_url: `${slack.url}-plain` });
    const [second = ''] = await ledger.openAlerts(1);
    await ledger.transition('opened', [second]);
    await ledger.runOnce();
    const shown = slack.messages.slice(1).map((one) => slack.buttonsOf(one));
    expect(shown).toHaveLength(2);
    expect(shown).toContainEqual([]);
    expect(shown).toContainEqual([acknowledge, resolve]);
  });

  it('can be set only by those who may acknowledge and resolve themselves', async () => {
    const made = await house.call('POST', '/api/v1/default/api-keys', {
      body: { name: 'wiring', scopes: ['read', 'channels:write'] },
    });
    const token = made.body.key;
    const config = { webhook_url: `${slack.url}-3` };
    const post = async (extra: object) =>
      await house.call('POST', '/api/v1/default/channels', {
        token,
        body: { kind: 'slack', name: 'Wiring', config: { ...config, ...extra } },
      });
    const plain = await post({});
    expect(plain.status).toBe(201);
    expect(await post({ signing_secret: slackSigningSecret })).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    });
    const change = {
      body: { name: 'Wiring', config: { signing_secret: slackSigningSecret } },
      headers: { 'if-match': '"1"' },
    };
    const path = `/api/v1/default/channels/${plain.body.id}`;
    expect((await house.call('PUT', path, { token, ...change })).status).toBe(403);
    expect((await house.call('PUT', path, change)).status).toBe(200);
    // What is there already may be renamed by anybody who may change channels.
    const rename = { body: { name: 'Wired', config: {} }, headers: { 'if-match': '"2"' } };
    expect((await house.call('PUT', path, { token, ...rename })).status).toBe(200);
  });
});
