import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';

/** The answer for a name: addresses, no record, a server error, or no answer at all. */
export type DnsAnswer = readonly string[] | 'missing' | 'fails' | 'silent';

export interface DnsServer extends AsyncDisposable {
  /** In the form that resolvers take. */
  readonly address: string;
  /** "name type" of each question, e.g. "www.example.com A". */
  readonly asked: string[];
}

const typeNames: Readonly<Record<number, string>> = { 1: 'A', 28: 'AAAA' };
const codes = { missing: 3, fails: 2 } as const;

/** A DNS server on loopback that knows the IPv4 addresses of some names. */
export async function dnsServer(answer: (name: string) => DnsAnswer): Promise<DnsServer> {
  const socket = createSocket('udp4');
  const asked: string[] = [];
  socket.on('message', (question: Buffer, from: RemoteInfo) => {
    const { name, type, end } = readQuestion(question);
    asked.push(`${name} ${typeNames[type] ?? type}`);
    const known = answer(name.toLowerCase());
    if (known === 'silent') return;
    const addresses = type === 1 && typeof known !== 'string' ? known : [];
    const records = addresses.map((address) =>
      Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 5, 0, 4, ...address.split('.').map(Number)]),
    );
    const header = Buffer.from(question.subarray(0, 12));
    header.writeUInt16BE(0x8180 | (typeof known === 'string' ? codes[known] : 0), 2);
    header.writeUInt16BE(records.length, 6);
    header.writeUInt32BE(0, 8);
    socket.send(Buffer.concat([header, question.subarray(12, end), ...records]), from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    asked,
    async [Symbol.asyncDispose]() {
      socket.close();
      await once(socket, 'close');
    },
  };
}

function readQuestion(message: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.'), type: message.readUInt16BE(at + 1), end: at + 5 };
}
