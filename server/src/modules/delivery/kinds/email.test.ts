import { afterEach, describe, expect, it } from 'vitest';
import { resolvedFacts, sampleFacts, sampleMessage } from '../../notifications/alerts/messages.fixture.ts';
import { escapeHtml } from '../html.ts';
import { type MailServer, smtpError, startMailServer } from '../mail-server.fixture.ts';
import { publicUrl, testDeps } from '../senders/senders.fixture.ts';
import { email } from './email.ts';

const servers: MailServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server[Symbol.asyncDispose]();
});

async function start(options: Parameters<typeof startMailServer>[0] = {}): Promise<MailServer> {
  const server = await startMailServer(options);
  servers.push(server);
  return server;
}

async function send(
  smtpUrl: string | undefined,
  { message = sampleMessage([sampleFacts()]), timeoutMs = 3_000 } = {},
) {
  await using deps = testDeps({ ...(smtpUrl === undefined ? {} : { smtpUrl }), timeoutMs });
  return await email.send({ to: ['ops@example.test'] }, message, deps);
}

/** Header lines, unfolded. */
function headersOf(mail: string): string {
  return (mail.split('\r\n\r\n')[0] ?? '').replace(/\r\n[ \t]+/g, ' ');
}

describe('a mail', () => {
  it('goes to its single recipient with a calm subject, as text and as HTML, with one link', async () => {
    const server = await start();
    expect(await send(server.url)).toEqual({ outcome: 'sent', detail: '250 queued as 4711' });
    const [mail] = server.mails;
    expect(mail?.to).toEqual(['ops@example.test']);
    const headers = headersOf(mail?.text ?? '');
    expect(headers).toContain('Subject: [Northern Golf] Bay 3 PC is offline');
    expect(headers).toContain('From: Watchkeeper <watch@example.test>');
    expect(headers).toContain('Auto-Submitted: auto-generated');
    expect(headers).toContain('<northern-golf.alerts.watch.example.test>');
    expect(mail?.text).toContain('text/plain');
    expect(mail?.text).toContain('text/html');
    expect(mail?.text.replace(/=\r\n/g, '')).toContain(`${publicUrl}/alerts/${sampleFacts().alert_id}`);
  });

  it('has the same Message-ID on every attempt, and one thread per alert', async () => {
    const server = await start();
    await send(server.url);
    await send(server.url);
    await send(server.url, { message: sampleMessage([resolvedFacts()], { tone: 'resolved' }) });
    const id = `Message-ID: <${sampleMessage([]).id}@watch.example.test>`;
    const thread = `References: <alert.${sampleFacts().alert_id}@watch.example.test>`;
    expect(headersOf(server.mails[0]?.text ?? '')).toContain(id);
    expect(headersOf(server.mails[1]?.text ?? '')).toContain(id);
    for (const mail of server.mails) expect(headersOf(mail.text)).toContain(thread);
    expect(server.mails[2]?.text).toContain('Lasted: 5 minutes 30 seconds');
  });

  it('cannot get headers from the name of a device', async () => {
    const server = await start();
    const title = 'Bay\r\nBcc: everyone@example.test\r\n\r\nhello';
    await send(server.url, { message: sampleMessage([sampleFacts({ title })]) });
    expect(server.mails[0]?.to).toEqual(['ops@example.test']);
    expect(headersOf(server.mails[0]?.text ?? '')).not.toMatch(/^Bcc:/m);
  });

  it('goes encrypted where the server offers it', async () => {
    // The server has a self-signed certificate; an option of the URL lets the client trust it.
    const server = await start({ disabledCommands: [] });
    expect(await send(`${server.url}?tls.rejectUnauthorized=false`)).toMatchObject({ outcome: 'sent' });
    expect(server.mails[0]?.secure).toBe(true);
  });
});

describe("a mail server's refusal", () => {
  it('of the address with 5xx is final', async () => {
    const server = await start({
      onRcptTo: (_address, _session, done) => done(smtpError(550, 'no such user')),
    });
    expect(await send(server.url)).toEqual({
      outcome: 'permanent',
      reason: 'The mail server refused the message (550).',
      addressRefused: true,
      status: 550,
      detail: '550 no such user',
    });
  });

  it('of the text with 5xx is final', async () => {
    const server = await start({
      onData: (stream, _session, done) => {
        stream.resume();
        stream.on('end', () => done(smtpError(554, 'looks like spam')));
      },
    });
    expect(await send(server.url)).toMatchObject({ outcome: 'permanent', status: 554 });
  });

  it('with 4xx is tried again', async () => {
    const server = await start({
      onRcptTo: (_address, _session, done) => done(smtpError(451, 'greylisted')),
    });
    expect(await send(server.url)).toMatchObject({
      outcome: 'retry',
      reason: 'The mail server asked us to try later (451).',
      detail: '451 greylisted',
    });
  });

  it('of our login is tried again, because the operator can correct it, and shows no password', async () => {
    const server = await start({
      authOptional: false,
      onAuth: (_auth, _session, done) => done(smtpError(535, 'bad credentials')),
      allowInsecureAuth: true,
    });
    const outcome = await send(server.url.replace('smtp://', 'smtp://robot:hunter2hunter2@'));
    expect(outcome).toMatchObject({
      outcome: 'retry',
      reason: 'The mail server does not accept the login of SMTP_URL.',
    });
    expect(JSON.stringify(outcome)).not.toContain('hunter2');
  });

  it('of the connection is tried again', async () => {
    const server = await start();
    const { url } = server;
    await servers.splice(0)[0]?.[Symbol.asyncDispose]();
    expect(await send(url)).toMatchObject({ outcome: 'retry', maybeDelivered: false });
  });
});

describe('a mail whose answer is lost', () => {
  it('may have been delivered when the whole text was sent, whatever happened then', async () => {
    const server = await start({
      onData: (stream) => {
        stream.resume();
        stream.on('end', () => server.cut());
      },
    });
    expect(await send(server.url)).toEqual({
      outcome: 'retry',
      reason: 'The mail server took the whole message and did not answer.',
      maybeDelivered: true,
    });
  });

  it('surely was not delivered when the connection was cut before the text', async () => {
    const server = await start({ onRcptTo: () => server.cut() });
    expect(await send(server.url)).toMatchObject({ outcome: 'retry', maybeDelivered: false });
  });

  it('surely was not delivered when the server stalls before the text, but may have been when it stalls after it', async () => {
    const early = await start({ onRcptTo: () => undefined });
    expect(await send(early.url, { timeoutMs: 300 })).toMatchObject({
      outcome: 'retry',
      maybeDelivered: false,
    });
    const late = await start({ onData: (stream) => void stream.resume() });
    expect(await send(late.url, { timeoutMs: 1_000 })).toMatchObject({
      outcome: 'retry',
      maybeDelivered: true,
    });
  });
});

it('is unavailable while the install has no mail server, and says so', async () => {
  const outcome = await send(undefined);
  expect(outcome).toEqual({
    outcome: 'permanent',
    reason: 'E-mail is switched off: SMTP_URL is not set on this server.',
  });
});

it('gives each address its own message, once', () => {
  const recipients = email.recipients({ to: ['Ops@Example.test', 'ops@example.test', 'night@example.test'] });
  expect(recipients.map((recipient) => recipient.label)).toEqual(['ops@example.test', 'night@example.test']);
});

it('escapes the characters of HTML', () => {
  expect(escapeHtml(`<a href="x" o='y'>&`)).toBe('&lt;a href=&quot;x&quot; o=&#39;y&#39;&gt;&amp;');
});
