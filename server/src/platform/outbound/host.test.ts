import { once } from 'node:events';
import { type AddressInfo, connect, createServer, Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createAddressPolicy } from './address.ts';
import { createVetHost, isConnectedTo, normalizeHostname, pinnedLookup, type VettedHost } from './host.ts';
import type { Lookup } from './lookup.ts';

const signal = new AbortController().signal;

/** Answers from a table; a name without an entry does not exist. */
function tableLookup(table: Record<string, string[]>): Lookup & { asked: string[] } {
  const asked: string[] = [];
  const lookup = async (hostname: string): ReturnType<Lookup> => {
    asked.push(hostname);
    const addresses = table[hostname];
    if (addresses === undefined) throw new Error(`getaddrinfo ENOTFOUND ${hostname}`);
    return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  };
  return Object.assign(lookup, { asked });
}

function vetWith(allow: string[], table: Record<string, string[]>) {
  const lookup = tableLookup(table);
  const vetHost = createVetHost(createAddressPolicy(allow), lookup);
  return { vet: (hostname: string, port = 443) => vetHost(hostname, port, signal), asked: lookup.asked };
}

describe('normalizeHostname', () => {
  it.each([
    ['Example.COM.', 'example.com'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['2130706433', '127.0.0.1'],
    ['0x7f000001', '127.0.0.1'],
    ['0177.0.0.1', '127.0.0.1'],
    ['017700000001', '127.0.0.1'],
    ['127.1', '127.0.0.1'],
    ['127.0.1', '127.0.0.1'],
    ['0', '0.0.0.0'],
    ['127.0.0.1.', '127.0.0.1'],
    ['１２７。０。０。１', '127.0.0.1'],
    ['ⓛocalhost', 'localhost'],
    ['[::1]', '::1'],
    ['0:0:0:0:0:ffff:7f00:1', '::ffff:7f00:1'],
  ])('reads %s as %s', (text, expected) => {
    expect(normalizeHostname(text)).toBe(expected);
  });

  it.each([
    '',
    '.',
    '..',
    'a..b',
    '1.2.3.4..',
    '-a.example',
    'a b',
    'a/b',
    'a@b',
    'a#b',
    'a?b',
    'a\\b',
    'a:80',
    'a:',
    'a%2eb',
    'fe80::1%eth0',
    '256.256.256.256',
    'a*.example',
    `${'a'.repeat(64)}.example`,
    'a.'.repeat(130),
  ])('refuses "%s" as a host', (text) => {
    expect(() => normalizeHostname(text)).toThrow('neither a valid name nor an address');
  });
});

describe('vetHost', () => {
  it('returns every address of a public name, in order, after one lookup', async () => {
    const { vet, asked } = vetWith([], { 'a.example': ['2606:4700::1', '93.184.216.34'] });
    expect(await vet('A.example.')).toEqual({
      hostname: 'a.example',
      port: 443,
      addresses: [
        { address: '2606:4700::1', family: 6 },
        { address: '93.184.216.34', family: 4 },
      ],
    });
    expect(asked).toEqual(['a.example']);
  });

  it('refuses a name when one of its addresses is blocked, and says the class but not the address', async () => {
    const { vet } = vetWith([], { 'mixed.example': ['93.184.216.34', '10.1.2.3'] });
    const refusal = await vet('mixed.example').catch((error: unknown) => error);
    expect(refusal).toMatchObject({ name: 'OutboundRefused' });
    expect(String(refusal)).toMatch(
      /mixed\.example leads to an address of the class "private".*OUTBOUND_ALLOW/,
    );
    expect(String(refusal)).not.toContain('10.1.2.3');
  });

  it('refuses a blocked address even as the last of many answers, after those that would be tried', async () => {
    const many = Array.from({ length: 20 }, (_, index) => `93.184.216.${index + 1}`);
    const { vet } = vetWith([], { 'many.example': [...many, '127.0.0.1'], 'fine.example': many });
    await expect(vet('many.example')).rejects.toThrow('"loopback"');
    expect((await vet('fine.example')).addresses).toHaveLength(8);
  });

  it.each([
    'localhost',
    'localhost.',
    'LOCALHOST',
    'a.localhost',
    'localhost.localdomain',
    'printer.local',
    'vault.internal',
    'metadata.google.internal',
    'metadata.google.internal.',
    'metadata.goog',
    'metadata.amazonaws.com',
    'metadata',
    'nas.home.arpa',
    'intranet',
    'ⓛocalhost',
  ])('refuses the internal name %s without a lookup', async (name) => {
    const { vet, asked } = vetWith([], { [normalizeHostname(name)]: ['93.184.216.34'] });
    await expect(vet(name)).rejects.toThrow(/internal network.*OUTBOUND_ALLOW/);
    expect(asked).toEqual([]);
  });

  it('calls an internal name only when all of its addresses are listed, and otherwise reveals none of them', async () => {
    const { vet } = vetWith(['10.0.0.0/8'], {
      nas: ['10.0.0.5'],
      'half.internal': ['10.0.0.5', '10.0.0.6', '192.168.0.1'],
      'public.internal': ['93.184.216.34'],
      'empty.internal': [],
    });
    expect((await vet('nas')).addresses).toEqual([{ address: '10.0.0.5', family: 4 }]);
    const messages = await Promise.all(
      ['half.internal', 'public.internal', 'empty.internal', 'gone.internal'].map((name) =>
        vet(name).then(
          () => 'called',
          (error: Error) => `${error.name}: ${error.message.replace(name, 'X')}`,
        ),
      ),
    );
    expect(new Set(messages).size).toBe(1);
    expect(messages[0]).toMatch(/^OutboundRefused: X is a name of an internal network/);
  });

  it('passes on the failure of a name that does not exist unchanged', async () => {
    await expect(vetWith([], {}).vet('gone.example')).rejects.toThrow('ENOTFOUND');
    await expect(vetWith([], { 'none.example': [] }).vet('none.example')).rejects.toThrow('has no address');
  });

  it.each([0, -1, 65_536, 1.5, Number.NaN])('refuses port %d', async (port) => {
    await expect(vetWith([], {}).vet('a.example', port)).rejects.toThrow('is not a port');
  });

  it('stops waiting for a resolver that never answers when the signal fires', async () => {
    const controller = new AbortController();
    const vetHost = createVetHost(createAddressPolicy([]), () => new Promise(() => undefined));
    const vetting = vetHost('slow.example', 443, controller.signal);
    controller.abort(new Error('given up'));
    await expect(vetting).rejects.toThrow('given up');
    await expect(vetHost('slow.example', 443, controller.signal)).rejects.toThrow('given up');
  });
});

describe('a pinned connection', () => {
  it('goes to the vetted address whatever the name, and detects a socket to another address', async () => {
    const server = createServer((socket) => socket.end()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const host: VettedHost = {
      hostname: 'a.example',
      port,
      addresses: [{ address: '127.0.0.1', family: 4 }],
    };
    const elsewhere: VettedHost = { ...host, addresses: [{ address: '93.184.216.34', family: 4 }] };
    const socket = connect({ host: host.hostname, port, lookup: pinnedLookup(host) });
    await once(socket, 'connect');
    expect([isConnectedTo(socket, host), isConnectedTo(socket, elsewhere)]).toEqual([true, false]);
    expect(isConnectedTo(new Socket(), host)).toBe(false);
    socket.destroy();
    server.close();
    await once(server, 'close');
  });
});
