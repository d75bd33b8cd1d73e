import type { Socket } from 'node:net';
import { cutText } from '@watchkeeper/contracts/text';
import { type ConnectDeps, exchange } from '#platform/exchange/open-socket';

/** Protocols that start in the clear and switch to TLS on request. */
export const startTlsProtocols = [
  'smtp',
  'imap',
  'pop3',
  'ftp',
  'ldap',
  'postgres',
  'xmpp',
  'xmpp-server',
] as const;
export type StartTlsProtocol = (typeof startTlsProtocols)[number];

type Deps = Pick<ConnectDeps, 'signal' | 'log'>;

/**
 * Brings the socket to the point where the TLS handshake begins. `name`: the server name to ask for. @throws Error in
 * words when the server refuses.
 */
export async function startTls(
  socket: Socket,
  protocol: StartTlsProtocol,
  name: string,
  deps: Deps,
): Promise<void> {
  await dialogs[protocol](new Dialog(socket, deps), name);
  // From here on, the TLS handshake reads the socket.
  socket.pause();
}

class Dialog {
  readonly #socket: Socket;
  readonly #deps: Deps;

  constructor(socket: Socket, deps: Deps) {
    this.#socket = socket;
    this.#deps = deps;
  }

  /** Sends a question, which may be empty, and reads until the answer is complete. */
  async ask(question: string | Uint8Array, isWhole: (text: string) => boolean): Promise<string> {
    const received = await exchange(this.#socket, this.#deps.signal, question, (bytes) =>
      isWhole(bytes.toString('latin1')),
    );
    const answer = received.toString('latin1');
    if (typeof question === 'string' && question !== '') this.#deps.log(`> ${question.trim()}`);
    this.#deps.log(`< ${JSON.stringify(cutText(answer, 200))}`);
    return answer;
  }

  /** The same, and throws when the answer does not begin as wanted. */
  async expect(
    question: string | Uint8Array,
    isWhole: (text: string) => boolean,
    begins: RegExp,
    what: string,
  ): Promise<string> {
    const answer = await this.ask(question, isWhole);
    if (!begins.test(answer)) throw new Error(`${what} It says: ${lineOf(answer)}`);
    return answer;
  }
}

const noTls = 'The server does not start TLS.';
const lineLengthMax = 150;

function lineOf(answer: string): string {
  const line = answer.split('\r\n').findLast((one) => one !== '') ?? '';
  return JSON.stringify(cutText(line, lineLengthMax));
}

/** `220-more` and then `220 end`: the last line has a space after its number. */
const replied = (text: string) => /^\d{3}(?: [^\n]*)?\r?\n/m.test(text);
const lineEnded = (text: string) => text.includes('\n');
const tagged = (tag: string) => (text: string) => new RegExp(`^${tag} [^\\n]*\\n`, 'm').test(text);

const dialogs: Readonly<Record<StartTlsProtocol, (dialog: Dialog, name: string) => Promise<void>>> = {
  async smtp(dialog) {
    await dialog.expect('', replied, /^220/, 'The other side is not a mail server (SMTP).');
    const offers = await dialog.expect('EHLO watchkeeper\r\n', replied, /^250/, 'The server refuses EHLO.');
    if (!/^250[- ]STARTTLS\r?$/im.test(offers)) throw new Error('The server does not offer STARTTLS.');
    await dialog.expect('STARTTLS\r\n', replied, /^220/, noTls);
  },
  async imap(dialog) {
    await dialog.expect('', lineEnded, /^\* OK/i, 'The other side is not an IMAP server.');
    await dialog.expect('a1 STARTTLS\r\n', tagged('a1'), /^a1 OK/im, noTls);
  },
  async pop3(dialog) {
    await dialog.expect('', lineEnded, /^\+OK/, 'The other side is not a POP3 server.');
    await dialog.expect('STLS\r\n', lineEnded, /^\+OK/, noTls);
  },
  async ftp(dialog) {
    await dialog.expect('', replied, /^220/, 'The other side is not an FTP server.');
    await dialog.expect('AUTH TLS\r\n', replied, /^234/, noTls);
  },
  async ldap(dialog) {
    const answer = await dialog.ask(ldapStartTls, (text) => text.length >= ldapAnswerBytes);
    if (!answer.startsWith('0') || !answer.includes(ldapSuccess)) throw new Error(noTls);
  },
  async postgres(dialog) {
    await dialog.expect(postgresSslRequest, (text) => text.length >= 1, /^S$/, noTls);
  },
  xmpp: (dialog, name) => startXmppTls(dialog, name, 'jabber:client'),
  'xmpp-server': (dialog, name) => startXmppTls(dialog, name, 'jabber:server'),
};

/** One XML stream: its head, the features that the server offers, and its answer to STARTTLS (RFC 6120, section 5). */
async function startXmppTls(dialog: Dialog, name: string, namespace: string): Promise<void> {
  const offers = await dialog.expect(
    `<?xml version='1.0'?><stream:stream to='${name.replaceAll(/[<>&'"]/g, '')}' xmlns='${namespace}' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>`,
    (text) => xmppOffered.test(text) || text.includes('</stream:stream>') || !xmppBegun.test(text),
    /<stream:stream[\s>]/,
    'The other side is not an XMPP server.',
  );
  if (!offers.includes(xmppTls))
    throw new Error(`The server does not offer STARTTLS. It says: ${lineOf(offers)}`);
  await dialog.expect(
    `<starttls xmlns='${xmppTls}'/>`,
    (text) => /<[^>]+>/.test(text),
    /<proceed[\s/>]/,
    noTls,
  );
}

const xmppTls = 'urn:ietf:params:xml:ns:xmpp-tls';
/** The whole list of features, which may be empty. */
const xmppOffered = /<\/stream:features>|<stream:features\s*\/>/;
/** So far, the text may be the start of a stream. */
const xmppBegun = /^\s*(?:<|$)/;

/** An extended request with the object identifier of StartTLS (RFC 4511, section 4.14). */
const ldapStartTls = Buffer.concat([
  Buffer.from([0x30, 0x1d, 0x02, 0x01, 0x01, 0x77, 0x18, 0x80, 0x16]),
  Buffer.from('1.3.6.1.4.1.1466.20037'),
]);
/** Length of the shortest answer: envelope, message id, and a result code. */
const ldapAnswerBytes = 14;
/** The result code follows the head of an extended answer; 0 means success. */
const ldapSuccess = Buffer.from([0x0a, 0x01, 0x00]).toString('latin1');

/** Eight bytes: the length, and the number that asks for TLS. */
const postgresSslRequest = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);
