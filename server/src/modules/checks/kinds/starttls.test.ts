import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { SMTPServer } from 'smtp-server';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { probe, tcpServer } from '../checks.fixture.ts';
import { type Issued, issue } from '../probe/certificates.fixture.ts';

const name = 'mail.example.test';
let certificate: Issued;
beforeAll(() => {
  certificate = issue({ name, days: 20 });
});

const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const resource of opened.splice(0)) await resource[Symbol.asyncDispose]();
});

const look = (starttls: string, port: number, more: object = {}) =>
  probe('tls', {
    host: '127.0.0.1',
    port,
    starttls,
    server_name: name,
    ca: certificate.cert,
    days_left_min: 7,
    ...more,
  });

describe('a real mail server', () => {
  async function mailServer(options: object): Promise<number> {
    const server = new SMTPServer({ ...certificate, logger: false, ...options });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    opened.push({ [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())) });
    const address = server.server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  test('shows its certificate after STARTTLS', async () => {
    const port = await mailServer({});
    expect(await look('smtp', port)).toMatchObject({
      outcome: 'ok',
      details: { certificate_subject: name, certificate_days_left: 19 },
    });
    expect(await look('smtp', port, { days_left_min: 30 })).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('expires in 19 days'),
    });
    expect(await look('smtp', port, { server_name: 'other.example.test' })).toMatchObject({
      reason: 'The certificate is for another name.',
    });
  });

  test('that offers no STARTTLS is a failure that says so', async () => {
    expect(await look('smtp', await mailServer({ hideSTARTTLS: true }))).toMatchObject({
      outcome: 'failed',
      reason: 'The server does not offer STARTTLS.',
    });
  });

  test('is not taken for an IMAP server, or for one with TLS from the first byte', async () => {
    const port = await mailServer({});
    expect(await look('imap', port)).toMatchObject({
      outcome: 'failed',
      reason: expect.stringMatching(/^The other side is not an IMAP server\. It says: "220 /),
    });
    expect(await look('smtp', port, { starttls: undefined })).toMatchObject({
      reason: 'The other side does not speak TLS.',
    });
  });
});

interface Dialog {
  /** The caller's words before the greeting, where the caller speaks first. */
  readonly opens?: string;
  readonly greeting?: string;
  /** Text that the request contains. */
  readonly asks: string;
  readonly says: Buffer | string;
}

/** Speaks one protocol until TLS begins, in packets of a few bytes, like a slow line. */
function upgrading({ opens, greeting, asks, says }: Dialog) {
  return (socket: Socket): void => {
    const greet = () => {
      for (const part of greeting?.match(/[\s\S]{1,7}/g) ?? []) socket.write(part);
      socket.once('data', answer);
    };
    const answer = (question: Buffer) => {
      if (!question.toString('latin1').includes(asks)) return void socket.destroy();
      socket.write(says);
      const secured = new TLSSocket(socket, { isServer: true, ...certificate });
      secured.on('error', () => undefined);
    };
    if (opens === undefined) greet();
    else
      socket.once('data', (head) => {
        if (head.toString('latin1').includes(opens)) greet();
        else socket.destroy();
      });
  };
}

const xmppTls = 'urn:ietf:params:xml:ns:xmpp-tls';
const xmpp = (namespace: string, offer: string, word: string): Dialog => ({
  opens: `to='${name}' xmlns='${namespace}'`,
  greeting: `<?xml version='1.0'?><stream:stream from='${name}' id='1' version='1.0' xmlns='${namespace}'
    xmlns:stream='http://etherx.jabber.org/streams'><stream:features>${offer}</stream:features>`,
  asks: `<starttls xmlns='${xmppTls}'/>`,
  says: `${word} xmlns='${xmppTls}'/>`,
});

const sslRequest = Buffer.from([0x04, 0xd2, 0x16, 0x2f]).toString('latin1');
const ldapHead = [0x30, 0x0c, 0x02, 0x01, 0x01, 0x78, 0x07, 0x0a, 0x01];

test.each<[string, Dialog]>([
  [
    'imap',
    {
      greeting: '* OK [CAPABILITY IMAP4rev1] ready\r\n',
      asks: 'a1 STARTTLS\r\n',
      says: '* BYE no\r\na1 OK go\r\n',
    },
  ],
  ['pop3', { greeting: '+OK ready\r\n', asks: 'STLS\r\n', says: '+OK go\r\n' }],
  ['ftp', { greeting: '220-Welcome\r\n220 ready\r\n', asks: 'AUTH TLS\r\n', says: '234 go\r\n' }],
  [
    'ldap',
    { asks: '1.3.6.1.4.1.1466.20037', says: Buffer.from([...ldapHead, 0x00, 0x04, 0x00, 0x04, 0x00]) },
  ],
  ['postgres', { asks: sslRequest, says: 'S' }],
  ['xmpp', xmpp('jabber:client', `<starttls xmlns='${xmppTls}'><required/></starttls>`, '<proceed')],
  ['xmpp-server', xmpp('jabber:server', `<starttls xmlns='${xmppTls}'/>`, '<proceed')],
])('%s shows its certificate when TLS begins', async (protocol, dialog) => {
  const server = await tcpServer(upgrading(dialog));
  opened.push(server);
  expect(await look(protocol, server.port)).toMatchObject({
    outcome: 'ok',
    details: { certificate_subject: name },
  });
});

test.each<[string, Dialog]>([
  ['imap', { greeting: '* OK ready\r\n', asks: 'STARTTLS', says: 'a1 BAD what\r\n' }],
  ['pop3', { greeting: '+OK ready\r\n', asks: 'STLS', says: '-ERR what\r\n' }],
  ['ftp', { greeting: '220 ready\r\n', asks: 'AUTH', says: '502 what\r\n' }],
  ['ldap', { asks: '1466', says: Buffer.from([...ldapHead, 0x02, 0x04, 0x00, 0x04, 0x00]) }],
  ['postgres', { asks: sslRequest, says: 'N' }],
  ['xmpp', xmpp('jabber:client', `<starttls xmlns='${xmppTls}'/>`, '<failure')],
])('%s that does not begin TLS is a failure that says so', async (protocol, dialog) => {
  const server = await tcpServer(upgrading(dialog));
  opened.push(server);
  expect(await look(protocol, server.port)).toMatchObject({
    outcome: 'failed',
    reason: expect.stringMatching(/^The server does not start TLS\./),
  });
});

test.each<[string, string, RegExp]>([
  ['offers no TLS', '<stream:stream><stream:features/>', /^The server does not offer STARTTLS\./],
  [
    'refuses the host',
    '<stream:stream><stream:error/></stream:stream>',
    /^The server does not offer STARTTLS\./,
  ],
  ['is none', 'SSH-2.0-OpenSSH_9.2\r\n', /^The other side is not an XMPP server\. It says: "SSH-2\.0/],
])('an XMPP server that %s is a failure that says so', async (_what, says, reason) => {
  const server = await tcpServer((socket) => void socket.once('data', () => socket.write(says)));
  opened.push(server);
  expect(await look('xmpp', server.port)).toMatchObject({
    outcome: 'failed',
    reason: expect.stringMatching(reason),
  });
});

test('a server that says nothing ends with the timeout', async () => {
  const server = await tcpServer(() => undefined);
  opened.push(server);
  expect(
    await probe('tls', { host: '127.0.0.1', port: server.port, starttls: 'smtp' }, { timeoutMs: 300 }),
  ).toMatchObject({
    reason: 'No complete answer within 300 ms.',
  });
});
