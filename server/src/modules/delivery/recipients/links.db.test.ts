import { createHash } from 'node:crypto';
import type { SMTPServerOptions } from 'smtp-server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Ctx } from '#platform/context';
import { wrongPerMinute } from '#platform/http/wrong-credentials';
import { newId } from '#platform/ids';
import { createParts } from '#platform/parts';
import { type TestApp, testApp } from '../../../../../test/support/app.ts';
import { type TestClock, testClock } from '../../../../../test/support/clock.ts';
import { type Ledger, ledgerOf } from '../../notifications/incidents/ledger.fixture.ts';
import { incidentTopic } from '../../notifications/incidents/topic.ts';
import { retentionWork } from '../ledger/retention.ts';
import { writeLedger } from '../ledger/write-ledger.ts';
import { type Mail, type MailServer, smtpError, startMailServer } from '../mail-server.fixture.ts';
import { keepTopics } from '../topics/topic.ts';
import { weather } from '../topics/weather.fixture.ts';
import { addRecipient } from './add-recipient.ts';
import { asksPerHourMax, askToConfirm } from './ask-to-confirm.ts';
import { confirmTopic } from './confirm-topic.ts';
import { linkUrl } from './link.ts';
import { addressRecipients } from './open-recipient.ts';
import { findRecipient, removeRecipient, suppressRecipient, verifyRecipient } from './store.ts';

const publicUrl = 'https://watch.example.test';
const what = 'messages of the weather page';
let mail: MailServer;
let clock: TestClock;
let house: TestApp;
let ledger: Ledger;
let next: Ctx;
/** What the mail server says to an address or a sender; undefined: it takes it. */
let refuse: { rcpt?: Error; from?: Error };

beforeAll(async () => {
  const answers: SMTPServerOptions = {
    onMailFrom: (_address, _session, done) => done(refuse.from ?? null),
    onRcptTo: (_address, _session, done) => done(refuse.rcpt ?? null),
  };
  mail = await startMailServer(answers);
  clock = testClock();
  house = await testApp({ clock, env: { SMTP_URL: mail.url, PUBLIC_URL: publicUrl } });
  ledger = await ledgerOf(house);
  next = { ...house.ctx, parts: createParts() };
  keepTopics(next, [{ name: 'weather', topics: [incidentTopic, confirmTopic, weather] }]);
});
afterAll(async () => {
  await house.close();
  await mail[Symbol.asyncDispose]();
});
beforeEach(() => {
  refuse = {};
  mail.mails.splice(0);
});
afterEach(async () => {
  await ledger.clear();
  for (const table of ['recipients', 'recipient_confirmations'])
    await house.ctx.db.pool.query(`delete from ${table}`);
});

const now = () => new Date(clock.now());
const tenant: <T>(work: Parameters<typeof house.ctx.db.tenant<T>>[1]) => Promise<T> = (work) =>
  house.ctx.db.tenant(ledger.org, work);
const add = (
  address = 'ada@x.test',
  over: { language?: string; scopeId?: string; confirmed?: boolean } = {},
) =>
  tenant(async (tx) => {
    const { confirmed = false, scopeId = null, ...rest } = over;
    const recipient = {
      topic: 'weather',
      kind: 'email',
      address,
      optedInAt: confirmed ? now() : null,
      scopeId,
      ...rest,
    };
    const id = await addRecipient(tx, ledger.org, recipient, now());
    if (confirmed) await verifyRecipient(tx, ledger.org, id, now());
    return id;
  });
const read = (id: string) => tenant((tx) => findRecipient(tx, ledger.org, id));
const ask = (id: string, org = ledger.org) => askToConfirm(next, org, id, what);
const send = () => ledger.runOnce(next);

/** Tells one recipient of the weather. */
const tell = (id: string) =>
  tenant(async (tx) => {
    const recipient = await findRecipient(tx, ledger.org, id);
    const transition = {
      id: newId(),
      subjectId: newId(),
      kind: 'changed',
      facts: { city: 'Oslo', sky: 'snow' },
    };
    const rows = addressRecipients(transition, recipient === undefined ? [] : [recipient]);
    await writeLedger({ ctx: next, tx, organizationId: ledger.org }, weather, rows);
  });

const plain = ({ text }: Mail) => text.replace(/=\r\n/g, '').replaceAll('=3D', '=');
const header = (one: Mail | undefined, name: string) =>
  new RegExp(`^${name}: (.*)$`, 'mi').exec(
    (one?.text ?? '').split('\r\n\r\n')[0]?.replace(/\r\n\s+/g, ' ') ?? '',
  )?.[1];
const lastMail = () => {
  const last = mail.mails.at(-1);
  if (last === undefined) throw new Error('No mail came.');
  return last;
};
const linkIn = (one: Mail, purpose: string) =>
  new RegExp(`${publicUrl}(/recipients/${purpose}/[\\w.-]+)`).exec(plain(one))?.[1] ?? '';

async function open(
  method: 'GET' | 'POST',
  url: string,
  over: { payload?: string; language?: string; peer?: string } = {},
) {
  const answer = await house.http.inject({
    method,
    url,
    remoteAddress: over.peer ?? '192.0.2.1',
    headers: {
      'accept-language': over.language ?? '',
      ...(method === 'POST' ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
    },
    ...(method === 'POST' ? { payload: over.payload ?? '' } : {}),
  });
  return { status: answer.statusCode, headers: answer.headers, body: answer.body };
}

async function confirmLink(id: string): Promise<string> {
  expect(await ask(id)).toBe('asked');
  await send();
  return linkIn(lastMail(), 'confirm');
}

describe('the mail that asks for a confirmation', () => {
  it('leads to a page with a button: to look changes nothing, to press it confirms', async () => {
    const id = await add();
    const link = await confirmLink(id);
    expect(header(lastMail(), 'Subject')).toBe('[Default] Please confirm your address');
    expect(plain(lastMail())).toContain(what);
    for (const _look of [1, 2]) {
      const page = await open('GET', link);
      expect([page.status, page.body]).toEqual([
        200,
        expect.stringContaining('<button type="submit">Confirm</button>'),
      ]);
      expect(page.body).toContain('<bdi>ada@x.test</bdi>');
    }
    expect(await read(id)).toMatchObject({ verifiedAt: null, optedInAt: null });
    const done = await open('POST', link);
    expect([done.status, done.body]).toEqual([200, expect.stringContaining('Your address is confirmed.')]);
    expect(await read(id)).toMatchObject({ verifiedAt: now(), optedInAt: now() });
    expect((await open('GET', link)).body).not.toContain('<button');
    await tell(id);
    await send();
    expect(plain(lastMail())).toContain('Oslo: snow');
  });

  it('stands in the ledger like every message', async () => {
    await confirmLink(await add());
    const listed = await house.call('GET', '/api/v1/default/notifications');
    expect(listed.body.data).toMatchObject([
      {
        topic: 'recipient',
        transition: 'confirmation_asked',
        subject_title: what,
        recipient: 'ada@x.test',
        status: 'sent',
      },
    ]);
  });

  it.each([
    ['de', 'Bitte bestätigen Sie Ihre Adresse', 'Bestätigen'],
    ['fr', 'Merci de confirmer votre adresse', 'Confirmer'],
    ['sv', 'Please confirm your address', 'Confirm'],
  ])(
    'speaks the language of the recipient (%s), and the page that of the browser, if it has one',
    async (language, title, button) => {
      const link = await confirmLink(await add('ada@x.test', { language }));
      expect(
        Buffer.from(
          plain(lastMail()).replace(/=([0-9A-F]{2})/g, (_all, hex) =>
            String.fromCharCode(Number.parseInt(hex, 16)),
          ),
          'latin1',
        ).toString('utf8'),
      ).toContain(title);
      expect((await open('GET', link)).body).toContain(`>${button}</button>`);
      expect((await open('GET', link, { language: 'sv, fr-CA;q=0.8, en;q=0.7' })).body).toContain(
        '>Confirmer</button>',
      );
    },
  );

  it('is no bulk mail: nobody unsubscribes from it', async () => {
    await confirmLink(await add());
    expect(header(lastMail(), 'List-Unsubscribe')).toBeUndefined();
    expect(plain(lastMail())).not.toContain('/recipients/unsubscribe/');
  });

  it('goes to one address three times an hour at most, whoever asks for it', async () => {
    await house.call('POST', '/api/v1/orgs', { body: { slug: 'other', name: 'Other' } });
    const [other = ''] = (
      await house.ctx.db.pool.query("select id from organizations where slug = 'other'")
    ).rows.map(({ id }) => id);
    const theirs = await house.ctx.db.tenant(other, (tx) =>
      addRecipient(
        tx,
        other,
        { topic: 'weather', scopeId: null, kind: 'email', address: 'Ada@x.test', optedInAt: null },
        now(),
      ),
    );
    const [first, second] = [await add(), await add('ada@x.test', { scopeId: newId() })];
    expect([await ask(first), await ask(theirs, other), await ask(second)]).toEqual([
      'asked',
      'asked',
      'asked',
    ]);
    expect([await ask(first), await ask(theirs, other)]).toEqual(['enough', 'enough']);
    expect(await ask(await add('bob@x.test'))).toBe('asked');
    await send();
    expect(mail.mails.filter(({ to }) => to.includes('ada@x.test'))).toHaveLength(asksPerHourMax);
    clock.advance(3_601);
    expect(await ask(first)).toBe('asked');
    clock.advance(2 * 86_400);
    await retentionWork.run(house.ctx, AbortSignal.timeout(120_000));
    expect((await house.ctx.db.pool.query('select * from recipient_confirmations')).rows).toEqual([]);
  });

  it('counts two who ask at the same moment', async () => {
    const id = await add();
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask(id)));
    expect(answers.filter((answer) => answer === 'asked')).toHaveLength(asksPerHourMax);
  });

  it('is not sent to who has confirmed already, or is not to be written to', async () => {
    const id = await add();
    const link = await confirmLink(id);
    expect(await ask(id)).toBe('asked');
    await open('POST', link);
    await send();
    expect(mail.mails).toHaveLength(1);
    expect(await ask(id)).toBe('confirmed');
    await tenant((tx) => suppressRecipient(tx, ledger.org, id, 'An operator said so.', now()));
    expect(await ask(id)).toBe('impossible');
    await tenant((tx) => removeRecipient(tx, ledger.org, id));
    expect([await ask(id), (await open('POST', link)).status]).toEqual(['impossible', 404]);
  });
});

describe('a link', () => {
  it('that confirms works for two days', async () => {
    const id = await add();
    const link = await confirmLink(id);
    clock.advance(48 * 3_600 + 1);
    for (const method of ['GET', 'POST'] as const) {
      const page = await open(method, link);
      expect([page.status, page.body]).toEqual([410, expect.stringContaining('This link has run out.')]);
    }
    expect(await read(id)).toMatchObject({ verifiedAt: null });
  });

  it('that is not ours, or is for something else, does nothing', async () => {
    const id = await add('ada@x.test', { confirmed: true });
    const own = { organizationId: ledger.org, recipientId: id, issuedAt: clock.now() };
    const pathOf = (url: string) => url.replace(publicUrl, '');
    const unsubscribe = pathOf(linkUrl(house.ctx, { purpose: 'unsubscribe', ...own }));
    const token = unsubscribe.split('/').at(-1) ?? '';
    const wrong = [
      `/recipients/confirm/${token}`,
      `/recipients/unsubscribe/${token.slice(0, 60)}${token[60] === 'A' ? 'B' : 'A'}${token.slice(61)}`,
      '/recipients/unsubscribe/v1.AAAA',
      '/recipients/unsubscribe/none',
      `/recipients/unsubscribe/${house.ctx.vault.seal(`recipient unsubscribe ${ledger.org} ${id.slice(1)} 1`)}`,
      `/recipients/unsubscribe/${house.ctx.vault.seal('{"webhook_url":"https://x.test"}')}`,
    ];
    for (const url of wrong) {
      const page = await open('POST', url);
      expect([url, page.status, page.body.includes('ada@x.test')]).toEqual([url, 404, false]);
    }
    expect(await read(id)).toMatchObject({ suppressedAt: null });
  });

  it('that is wrong counts against the network it comes from', async () => {
    const peer = '198.51.100.9';
    for (let n = 0; n < wrongPerMinute; n += 1)
      expect((await open('GET', `/recipients/confirm/v1.${n}`, { peer })).status).toBe(404);
    expect((await open('GET', '/recipients/confirm/v1.x', { peer })).status).toBe(429);
  });

  it('leads to a page that loads nothing, runs nothing, and tells its address to nobody', async () => {
    const rename = (name: string) =>
      house.ctx.db.pool.query('update organizations set name = $1 where id = $2', [name, ledger.org]);
    await rename('<script>alert(1)</script>');
    const link = await confirmLink(await add());
    const { headers, body } = await open('GET', link);
    expect(body).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(body).not.toMatch(/<script|<link|<img|http/);
    const style = /<style>(.*)<\/style>/s.exec(body)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(headers).toMatchObject({
      'content-security-policy': `default-src 'none'; style-src 'sha256-${hash}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'x-robots-tag': 'noindex',
    });
    expect(headers['set-cookie']).toBeUndefined();
    await rename('Default');
  });
});

describe('a message to somebody who asked for it', () => {
  it('can be ended with one click of the mail program', async () => {
    const id = await add('ada@x.test', { confirmed: true });
    await tell(id);
    await send();
    const url =
      /^<https:\/\/watch\.example\.test(.*)>$/.exec(header(lastMail(), 'List-Unsubscribe') ?? '')?.[1] ?? '';
    expect(header(lastMail(), 'List-Unsubscribe-Post')).toBe('List-Unsubscribe=One-Click');
    await tell(id);
    const answer = await open('POST', url, { payload: 'List-Unsubscribe=One-Click' });
    expect([answer.status, answer.headers.location, answer.headers['set-cookie']]).toEqual([
      200,
      undefined,
      undefined,
    ]);
    expect(await read(id)).toMatchObject({
      suppressedCause: 'unsubscribed',
      suppressedReason: 'They unsubscribed.',
    });
    await send();
    expect(mail.mails).toHaveLength(1);
    expect((await ledger.rows()).at(-1)).toMatchObject({
      status: 'not_sent',
      reason: 'Nothing is sent to this address any more: They unsubscribed.',
    });
  });

  it('has a link to a page with a button: to look changes nothing, to press it ends it', async () => {
    const id = await add('ada@x.test', { confirmed: true, language: 'de' });
    await tell(id);
    await send();
    expect(plain(lastMail())).toContain('Abbestellen: https://');
    const link = linkIn(lastMail(), 'unsubscribe');
    expect((await open('GET', link)).body).toContain('<button type="submit">Abbestellen</button>');
    expect(await read(id)).toMatchObject({ suppressedAt: null });
    expect((await open('POST', link)).body).toContain('Sie haben die Nachrichten abbestellt.');
    const before = await read(id);
    clock.advance(365 * 86_400);
    for (const method of ['GET', 'POST'] as const)
      expect((await open(method, link)).body).not.toContain('<button');
    expect(await read(id)).toEqual(before);
    await tenant((tx) => removeRecipient(tx, ledger.org, id));
    expect((await open('POST', link)).status).toBe(200);
  });

  it('that was ended begins again by a new confirmation, never by an old one', async () => {
    const id = await add();
    const old = await confirmLink(id);
    await open('POST', old);
    await tell(id);
    await send();
    clock.advance(60);
    await open('POST', linkIn(lastMail(), 'unsubscribe'));
    await open('POST', old);
    expect(await read(id)).toMatchObject({ suppressedCause: 'unsubscribed' });
    clock.advance(60);
    await open('POST', await confirmLink(id));
    expect(await read(id)).toMatchObject({
      suppressedCause: null,
      suppressedAt: null,
      suppressedReason: null,
    });
  });

  it('is a message of a channel no more than a channel is a recipient: alerts have no such link', async () => {
    const body = { kind: 'email', name: 'Ops', config: { to: ['ops@x.test'] } };
    await house.call('POST', '/api/v1/default/channels', { body });
    await ledger.transition('opened', await ledger.openAlerts(1));
    await send();
    expect(lastMail().to).toEqual(['ops@x.test']);
    expect(lastMail().text).not.toMatch(/unsubscribe/i);
  });
});

describe('a mail server that refuses', () => {
  async function refusedBy(over: typeof refuse) {
    const [here, there] = [
      await add('ada@x.test', { confirmed: true }),
      await add('ada@x.test', { confirmed: true, scopeId: newId() }),
    ];
    refuse = over;
    await tell(here);
    await send();
    return [await read(here), await read(there)];
  }

  it.each([
    ['550 5.1.1 no such user', 'no such user'],
    ['550 5.2.1 mailbox disabled', 'switched off'],
    ['550 no such user', 'without a finer code'],
  ])('an address for good (%s, %s) gets nothing more, whatever it asked for', async (words) => {
    const rows = await refusedBy({ rcpt: smtpError(550, words.slice(4)) });
    const suppressed = {
      suppressedCause: 'bounced',
      suppressedReason: `The mail server does not know it: ${words}`,
    };
    expect(rows).toMatchObject([suppressed, suppressed]);
    expect(await ask(await add())).toBe('impossible');
    expect(await ledger.rows()).toMatchObject([
      { status: 'failed', reason: 'The mail server refused the message (550).' },
    ]);
  });

  it.each([
    ['our policy', { rcpt: smtpError(550, '5.7.1 your host is on a list') }],
    ['a full mailbox', { rcpt: smtpError(552, '5.2.2 mailbox full') }],
    ['a sender', { from: smtpError(550, 'we do not know you') }],
    ['for now', { rcpt: smtpError(451, '4.7.1 greylisted') }],
  ])('%s says nothing of the address', async (_what, over) => {
    const none = { suppressedAt: null, suppressedCause: null };
    expect(await refusedBy(over)).toMatchObject([none, none]);
  });
});
