import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../../../../test/support/app.ts';
import { type TestClock, testClock } from '../../../../../test/support/clock.ts';
import { bundleFrom, digestDelaySeconds, messagesPerMinuteMax } from '../../delivery/ledger/bundle.ts';
import { retentionWork } from '../../delivery/ledger/retention.ts';
import { createDeliveries } from '../../delivery/queue/deliveries.ts';
import { claimSeconds } from '../../delivery/queue/delivery-job.ts';
import { perTenantOfTargetMax } from '../../delivery/queue/slots.ts';
import { type Receiver, startReceiver } from '../../delivery/receiver.fixture.ts';
import { type Ledger, ledgerOf } from './ledger.fixture.ts';

let clock: TestClock;
let house: TestApp;
let ledger: Ledger;
let receiver: Receiver;

beforeAll(async () => {
  clock = testClock();
  house = await testApp({ clock });
  ledger = await ledgerOf(house);
});
afterAll(() => house.close());
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(async () => {
  await ledger.clear();
  await receiver[Symbol.asyncDispose]();
});

async function addChannel(over: object = {}): Promise<{ id: string }> {
  const body = { kind: 'webhook', name: 'Ops', config: { url: receiver.url }, ...over };
  const answer = await house.call('POST', '/api/v1/default/channels', { body });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body;
}

const bodies = () => receiver.received.map((request) => JSON.parse(request.body));
const told = () => bodies().map((body) => body.type);
const summary = async () => (await ledger.rows()).map((row) => [row.transition_kind, row.status, row.reason]);

describe('one alert', () => {
  it('is told once when it opens and once when it ends, and both are in the ledger', async () => {
    await addChannel();
    const alerts = await ledger.openAlerts(1);
    await ledger.transition('opened', alerts);
    await ledger.deliverDue();
    await ledger.transition('resolved', alerts);
    await ledger.deliverDue();
    expect(told()).toEqual(['incident.opened', 'incident.resolved']);
    expect(bodies()[0].data).toMatchObject({
      number: 1,
      type: 'device_offline',
      summary: 'Bay 1 PC is offline',
      alerts: [{ id: alerts[0], status: 'open' }],
      site: { slug: 'dartmouth' },
    });
    expect(await summary()).toEqual([
      ['opened', 'sent', null],
      ['resolved', 'sent', null],
    ]);
    const answer = await house.call('GET', `/api/v1/default/notifications?alert=${alerts[0]}`);
    expect(answer.body.data[0]).toMatchObject({
      transition: 'resolved',
      channel_name: 'Ops',
      status: 'sent',
      message: {
        told_together: 1,
        attempts: 1,
        next_attempt_at: null,
        answer_status: 200,
        answer: 'HTTP 200: ok',
      },
    });
  });

  it('goes from its row to the receiver through any worker', async () => {
    await addChannel();
    const alerts = await ledger.openAlerts(1);
    await ledger.transition('opened', alerts, { tell: false });
    await ledger.runOnce();
    expect(told()).toEqual(['incident.opened']);
  });

  it('is told once when two processes plan it at the same time', async () => {
    await addChannel();
    await using second = await testApp({ clock, database: house.database });
    await ledger.transition('opened', await ledger.openAlerts(1), { tell: false });
    await Promise.all([ledger.plan(), ledger.plan(second.ctx), ledger.plan()]);
    await ledger.plan();
    await ledger.deliverDue();
    expect(told()).toEqual(['incident.opened']);
    expect(await ledger.rows()).toHaveLength(1);
    expect(await ledger.messages()).toHaveLength(1);
  });

  it('cannot have two ledger rows for one transition, channel and recipient', async () => {
    await addChannel();
    await ledger.transition('opened', await ledger.openAlerts(1));
    const copy = house.ctx.db.system((tx) =>
      sql`insert into notifications select organization_id, gen_random_uuid(), alert_id, transition_id, transition_kind, channel_id,
        channel_kind, channel_name, recipient, status, reason, message_id, facts, created_at, settled_at from notifications`.execute(
        tx,
      ),
    );
    await expect(copy).rejects.toThrow('notifications_once');
  });

  it('is told once by two processes that work on the same messages', async () => {
    await addChannel();
    await using second = await testApp({ clock, database: house.database });
    for (let round = 0; round < 5; round += 1) {
      await ledger.transition('opened', await ledger.openAlerts(1));
      const [message = ''] = await ledger.dueMessages();
      await Promise.all([
        ledger.deliver(message),
        ledger.deliver(message, second.ctx),
        ledger.deliver(message),
        ledger.deliver(message, second.ctx),
      ]);
    }
    expect(receiver.received).toHaveLength(5);
    expect(await summary()).toEqual(Array.from({ length: 5 }, () => ['opened', 'sent', null]));
  });
});

describe('a crash', () => {
  /** A process that dies after the receiver has answered: its next statements never reach the database. */
  const dying = () => {
    let calls = 0;
    const tenant: typeof house.ctx.db.tenant = (organizationId, work) => {
      calls += 1;
      if (calls > 1) return Promise.reject(new Error('the process died'));
      return house.ctx.db.tenant(organizationId, work);
    };
    return { ...house.ctx, db: { ...house.ctx.db, tenant } };
  };

  it('between sending and recording makes the message go out again with the same id, by which the receiver knows it', async () => {
    await addChannel();
    await ledger.transition('opened', await ledger.openAlerts(1));
    const [message = ''] = await ledger.dueMessages();
    await expect(ledger.deliver(message, dying())).rejects.toThrow('the process died');
    await ledger.deliver(message);
    expect(receiver.received).toHaveLength(1);

    await ledger.later(clock, claimSeconds + 1);
    await ledger.runOnce();
    expect(receiver.received.map((request) => request.headers['webhook-id'])).toEqual([message, message]);
    expect(receiver.received[0]?.body).toBe(receiver.received[1]?.body);
    expect(await summary()).toEqual([['opened', 'sent', null]]);
  });

  it('after an attempt without a recorded result leaves the message perhaps delivered, so its end is told', async () => {
    await addChannel();
    const alerts = await ledger.openAlerts(1);
    await ledger.transition('opened', alerts);
    const [message = ''] = await ledger.dueMessages();
    await expect(ledger.deliver(message, dying())).rejects.toThrow('the process died');
    receiver.answer = { status: 503 };
    await ledger.later(clock, claimSeconds + 1);
    await ledger.deliverDue();
    receiver.answer = { status: 200 };
    await ledger.transition('resolved', alerts);
    await ledger.runOnce();
    expect(told()).toEqual(['incident.opened', 'incident.opened', 'incident.resolved']);
  });
});

it('of a first worker that comes back late without success does not disturb the claim of the second', async () => {
  await addChannel();
  receiver.answer = null;
  await ledger.transition('opened', await ledger.openAlerts(1));
  const [message = ''] = await ledger.dueMessages();
  const first = new AbortController();
  const slow = ledger.deliver(message, house.ctx, first.signal);
  await expect.poll(() => receiver.received.length).toBe(1);
  await ledger.later(clock, claimSeconds + 1);
  const second = new AbortController();
  const takeover = ledger.deliver(message, house.ctx, second.signal);
  await expect.poll(() => receiver.received.length).toBe(2);
  first.abort();
  await slow;
  expect(await ledger.messages()).toMatchObject([{ attempts: 2, claimed: true, maybe_delivered: true }]);
  await ledger.deliver(message);
  expect(receiver.received).toHaveLength(2);
  second.abort();
  await takeover;
  expect(await ledger.messages()).toMatchObject([{ attempts: 2, claimed: false, maybe_delivered: true }]);
});

describe('a receiver that fails', () => {
  it('is tried again with the same id until it takes the message', async () => {
    await addChannel();
    receiver.answer = { status: 503, body: 'starting' };
    await ledger.transition('opened', await ledger.openAlerts(1));
    await ledger.deliverDue();
    expect(await summary()).toEqual([['opened', 'pending', 'The receiver answered 503.']]);
    await ledger.deliverDue();
    expect(receiver.received).toHaveLength(1);

    await ledger.later(clock, 10);
    receiver.answer = { status: 200 };
    await ledger.deliverDue();
    expect(await summary()).toEqual([['opened', 'sent', null]]);
    expect(new Set(receiver.received.map((request) => request.headers['webhook-id'])).size).toBe(1);
  });

  it('is not called again before the time in its Retry-After', async () => {
    await addChannel();
    receiver.answer = { status: 429, headers: { 'retry-after': '120' } };
    await ledger.transition('opened', await ledger.openAlerts(1));
    await ledger.deliverDue();
    await ledger.later(clock, 119);
    expect(await ledger.dueMessages()).toEqual([]);
    await ledger.later(clock, 1);
    expect(await ledger.dueMessages()).toHaveLength(1);
  });

  it('is not called again after a final refusal', async () => {
    await addChannel();
    receiver.answer = { status: 410, body: 'gone' };
    await ledger.transition('opened', await ledger.openAlerts(1));
    await ledger.deliverDue();
    expect(await summary()).toEqual([['opened', 'failed', 'The receiver refused the message (410).']]);
    await ledger.later(clock, 86_400);
    expect(await ledger.dueMessages()).toEqual([]);
    expect(
      (await house.call('GET', '/api/v1/default/notifications?status=failed')).body.data[0].message,
    ).toMatchObject({
      answer_status: 410,
      answer: 'HTTP 410: gone',
    });
  });

  it('for more than half a day is given up, with the last reason', async () => {
    await addChannel();
    receiver.answer = { status: 500 };
    await ledger.transition('opened', await ledger.openAlerts(1));
    for (let attempt = 0; attempt < 12; attempt += 1) {
      await ledger.deliverDue();
      await ledger.later(clock, 6 * 3600);
    }
    expect(await summary()).toEqual([
      ['opened', 'failed', 'Given up after 10 attempts: The receiver answered 500.'],
    ]);
    expect(receiver.received).toHaveLength(10);
  });

  it('and hangs blocks only a few attempts, and no other channel', async () => {
    await addChannel();
    receiver.answer = null;
    for (let n = 0; n < perTenantOfTargetMax + 2; n += 1)
      await ledger.transition('opened', await ledger.openAlerts(1));
    await using other = await startReceiver();
    await using worker = createDeliveries(house.ctx);
    worker.start();
    await expect.poll(() => receiver.received.length).toBe(perTenantOfTargetMax);
    await addChannel({ name: 'Other', config: { url: other.url } });
    await ledger.transition('opened', await ledger.openAlerts(1));
    await expect.poll(() => other.received.length).toBe(1);
    expect(receiver.received).toHaveLength(perTenantOfTargetMax);
    await receiver[Symbol.asyncDispose]();
    receiver = await startReceiver();
  });
});

describe('a resolution', () => {
  it('that overtakes the opening is told to nobody, and neither is the opening', async () => {
    await addChannel();
    const alerts = await ledger.openAlerts(1);
    await ledger.transition('opened', alerts, { tell: false });
    await ledger.transition('resolved', alerts);
    await ledger.deliverDue();
    expect(receiver.received).toEqual([]);
    expect(await summary()).toEqual([
      ['opened', 'not_sent', 'It recovered before anyone was told.'],
      ['resolved', 'not_sent', 'It recovered before anyone was told.'],
    ]);
  });

  it('withdraws an opening that waits for a failing receiver', async () => {
    await addChannel();
    receiver.answer = { status: 503 };
    const alerts = await ledger.openAlerts(1);
    await ledger.transition('opened', alerts);
    await ledger.deliverDue();
    receiver.answer = { status: 200 };
    await ledger.transition('resolved', alerts);
    await ledger.deliverDue();
    await ledger.later(clock, 3600);
    await ledger.deliverDue();
    expect(told()).toEqual(['incident.opened']);
    expect(await summary()).toEqual([
      ['opened', 'not_sent', 'It recovered before this could be sent.'],
      ['resolved', 'not_sent', 'It recovered before anyone was told.'],
    ]);
    expect(await ledger.dueMessages()).toEqual([]);
  });

  it('waits while the opening is being sent, and follows it', async () => {
    await addChannel();
    const alerts = await ledger.openAlerts(1);
    await ledger.transition('opened', alerts);
    const [opening = ''] = await ledger.dueMessages();
    await house.ctx.db.system((tx) =>
      sql`update notification_messages set attempts = 1, claimed_until = clock_timestamp() + interval '60 s' where id = ${opening}`.execute(
        tx,
      ),
    );
    await ledger.transition('resolved', alerts);
    await ledger.deliverDue();
    expect(receiver.received).toEqual([]);
    await house.ctx.db.system((tx) =>
      sql`update notification_messages set claimed_until = null where id = ${opening}`.execute(tx),
    );
    await ledger.deliver(opening);
    await ledger.later(clock, 2);
    await ledger.deliverDue();
    expect(told()).toEqual(['incident.opened', 'incident.resolved']);
  });

  it('is told when an attempt at the opening may have arrived', async () => {
    await addChannel();
    const alerts = await ledger.openAlerts(1);
    await ledger.transition('opened', alerts);
    await house.ctx.db.system((tx) =>
      sql`update notification_messages set attempts = 1, maybe_delivered = true`.execute(tx),
    );
    await ledger.transition('resolved', alerts);
    const [, resolution = ''] = await ledger.dueMessages();
    await ledger.deliver(resolution);
    await ledger.deliverDue();
    expect(told()).toEqual(['incident.resolved']);
    expect((await summary())[0]).toEqual([
      'opened',
      'not_sent',
      'No answer came, and it recovered before the next try.',
    ]);
  });
});

describe('a message that is not sent', () => {
  it('is in the ledger when the alert is suppressed, and is sent once it no longer is', async () => {
    await addChannel();
    const alerts = await ledger.openAlerts(1, { suppressedBy: 'maintenance' });
    await ledger.transition('opened', alerts);
    expect(await summary()).toEqual([['opened', 'not_sent', 'Suppressed (maintenance): Planned work']]);
    await ledger.transition('unsuppressed', alerts);
    await ledger.deliverDue();
    expect(told()).toEqual(['incident.opened']);
  });

  it('is in the ledger below the minimum severity, on a channel that is off, and without a channel', async () => {
    await ledger.transition('opened', await ledger.openAlerts(1));
    await addChannel({ name: 'Critical', min_severity: 'critical' });
    await addChannel({ name: 'Off', enabled: false });
    await addChannel({ kind: 'email', name: 'Mail', config: { to: ['ops@x.test'] } });
    await ledger.transition('opened', await ledger.openAlerts(1));
    expect((await ledger.rows()).map((row) => [row.channel_name, row.reason])).toEqual([
      [null, 'No channel is set up.'],
      ['Critical', "Below the channel's minimum severity: high, told from critical on."],
      ['Off', 'The channel is switched off.'],
      ['Mail', 'E-mail is switched off: SMTP_URL is not set on this server.'],
    ]);
    expect(await ledger.dueMessages()).toEqual([]);
  });

  it('is in the ledger when the channel is switched off or deleted while it waits', async () => {
    const channel = await addChannel();
    receiver.answer = { status: 503 };
    await ledger.transition('opened', await ledger.openAlerts(1));
    await ledger.deliverDue();
    await house.call('DELETE', `/api/v1/default/channels/${channel.id}`);
    expect(await summary()).toEqual([['opened', 'not_sent', 'The channel was deleted.']]);
    await ledger.later(clock, 3600);
    expect(await ledger.dueMessages()).toEqual([]);
  });

  it('is in the ledger when the recipient was removed from the channel meanwhile', async () => {
    await using elsewhere = await startReceiver();
    const channel = await addChannel();
    await ledger.transition('opened', await ledger.openAlerts(1));
    await house.call('PUT', `/api/v1/default/channels/${channel.id}`, {
      body: { name: 'Ops', config: { url: elsewhere.url } },
    });
    await ledger.deliverDue();
    expect(await summary()).toEqual([['opened', 'not_sent', 'The recipient was taken off the channel.']]);
    expect(elsewhere.received).toEqual([]);
  });
});

describe('many alerts', () => {
  it('that open together are told in one message, and each has its row', async () => {
    await addChannel();
    const alerts = await ledger.openAlerts(12);
    await ledger.transition('opened', alerts);
    await ledger.deliverDue();
    expect(receiver.received).toHaveLength(1);
    expect(bodies()[0]).toMatchObject({
      type: 'incidents.opened',
      data: { title: '12 devices at Dartmouth stopped reporting', count: 12 },
    });
    const rows = await ledger.rows();
    expect(rows.map((row) => row.alert_id).toSorted()).toEqual(alerts.toSorted());
    expect(new Set(rows.map((row) => row.message_id)).size).toBe(1);
    expect(rows.every((row) => row.status === 'sent')).toBe(true);
  });

  it('are told without those that recovered before the message was sent', async () => {
    await addChannel();
    receiver.answer = { status: 503 };
    const alerts = await ledger.openAlerts(bundleFrom);
    await ledger.transition('opened', alerts);
    await ledger.deliverDue();
    receiver.answer = { status: 200 };
    await ledger.transition('resolved', alerts.slice(0, 1));
    await ledger.deliverDue();
    await ledger.later(clock, 10);
    await ledger.deliverDue();
    expect(bodies().map((body) => body.data.count)).toEqual([bundleFrom, bundleFrom - 1]);
    expect(
      (await ledger.rows()).filter((row) => row.alert_id === alerts[0]).map((row) => row.status),
    ).toEqual(['not_sent', 'not_sent']);
  });

  it("in a storm use up the minute's limit and then fill one digest", async () => {
    await addChannel();
    const storm = messagesPerMinuteMax + 15;
    for (let n = 0; n < storm; n += 1) await ledger.transition('opened', await ledger.openAlerts(1));
    await ledger.deliverDue();
    expect(receiver.received).toHaveLength(messagesPerMinuteMax);
    expect((await ledger.rows()).filter((row) => row.status === 'pending')).toHaveLength(15);
    await ledger.later(clock, digestDelaySeconds);
    await ledger.deliverDue();
    expect(bodies().at(-1)).toMatchObject({ type: 'incidents.digest', data: { count: 15 } });
    expect(receiver.received).toHaveLength(messagesPerMinuteMax + 1);
    expect((await ledger.rows()).every((row) => row.status === 'sent')).toBe(true);
    await ledger.transition('opened', await ledger.openAlerts(1));
    await ledger.deliverDue();
    expect(told().at(-1)).toBe('incident.opened');
  });

  it('are counted correctly when two processes plan at the same time', async () => {
    await addChannel();
    for (let n = 0; n < messagesPerMinuteMax + 6; n += 1) {
      await ledger.transition('opened', await ledger.openAlerts(1), { tell: false });
      await Promise.all([ledger.plan(), ledger.plan()]);
    }
    // Twenty single messages and one digest.
    expect(await ledger.messages()).toHaveLength(messagesPerMinuteMax + 1);
  });

  it('do not change a digest that was tried already', async () => {
    await addChannel();
    for (let n = 0; n <= messagesPerMinuteMax; n += 1)
      await ledger.transition('opened', await ledger.openAlerts(1));
    await ledger.deliverDue();
    // Late enough for the digest, but the minute of the others has not ended yet.
    receiver.answer = { status: 503 };
    const [digest = ''] = (await ledger.messages())
      .filter((one) => one.status === 'pending')
      .map((one) => one.id);
    await ledger.deliver(digest);
    receiver.answer = { status: 200 };
    await ledger.transition('opened', await ledger.openAlerts(1));
    await ledger.later(clock, digestDelaySeconds);
    await ledger.deliverDue();
    const digests = receiver.received.slice(messagesPerMinuteMax);
    expect(digests.map((request) => JSON.parse(request.body).data.id !== undefined)).toEqual([
      true,
      true,
      true,
    ]);
    expect(digests.map((request) => request.headers['webhook-id']).slice(0, 2)).toEqual([digest, digest]);
    expect(digests[1]?.body).toBe(digests[0]?.body);
    expect(digests[2]?.headers['webhook-id']).not.toBe(digest);
  });
});

it('escalates to the channels that the rule names', async () => {
  await addChannel();
  await using boss = await startReceiver();
  const channel = await addChannel({ name: 'Boss', config: { url: boss.url }, escalation_only: true });
  const alerts = await ledger.openAlerts(1, {
    escalation: { after_seconds: 60, channels: [channel.id] },
  });
  await ledger.transition('opened', alerts);
  await ledger.deliverDue();
  clock.advance(60);
  await ledger.transition('escalated', alerts);
  await ledger.deliverDue();
  await ledger.transition('resolved', alerts);
  await ledger.deliverDue();
  expect(boss.received.map((request) => JSON.parse(request.body).type)).toEqual([
    'incident.escalated',
    'incident.resolved',
  ]);
  expect(told()).toEqual(['incident.opened', 'incident.resolved']);
});

it('keeps the ledger as long as alerts, and never deletes a waiting message', async () => {
  await addChannel();
  receiver.answer = { status: 503 };
  await ledger.transition('opened', await ledger.openAlerts(1));
  await ledger.deliverDue();
  receiver.answer = { status: 200 };
  await ledger.transition('opened', await ledger.openAlerts(1));
  await ledger.deliver((await ledger.dueMessages()).at(-1) ?? '');
  clock.advance(89 * 86_400);
  await retentionWork.run(house.ctx, AbortSignal.timeout(5_000));
  expect(await ledger.rows()).toHaveLength(2);
  clock.advance(2 * 86_400);
  await retentionWork.run(house.ctx, AbortSignal.timeout(5_000));
  expect((await ledger.rows()).map((row) => row.status)).toEqual(['pending']);
});

it('tells open consoles of every change of the ledger', async () => {
  await addChannel({ kind: 'console', name: 'Console', config: {} });
  const heard: string[] = [];
  const stop = house.ctx.live.subscribe(ledger.org, (change) => heard.push(change.topic));
  await ledger.transition('opened', await ledger.openAlerts(1));
  await ledger.deliverDue();
  await expect.poll(() => heard.filter((topic) => topic === 'notification').length).toBe(2);
  stop();
  expect(await summary()).toEqual([['opened', 'sent', null]]);
});

it('tells the others when the secrets of one channel cannot be opened', async () => {
  const lost = await addChannel({ name: 'Lost' });
  await addChannel({ kind: 'slack', name: 'Slack', config: { webhook_url: receiver.url } });
  await house.ctx.db.system((tx) =>
    sql`update channels set secrets = 'v1.AAAA' where id = ${lost.id}`.execute(tx),
  );
  await ledger.transition('opened', await ledger.openAlerts(1));
  await ledger.deliverDue();
  expect(receiver.received).toHaveLength(1);
  expect((await ledger.rows()).map((row) => [row.channel_name, row.status, row.reason])).toEqual([
    ['Lost', 'not_sent', "The channel's secrets were sealed under another SECRET_KEY. Enter them again."],
    ['Slack', 'sent', null],
  ]);
  expect((await house.call('GET', '/api/v1/default/channels')).status).toBe(200);
});
