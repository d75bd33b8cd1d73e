import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type DnsAnswer, type DnsServer, dnsServer } from '../../../../test/support/dns-server.ts';
import { createLookup, type Lookup, lookupsMax, shareLookups } from './lookup.ts';
import { parseResolv } from './resolver-files.ts';

const address = { address: '192.0.2.1', family: 4 };

function heldLookup() {
  const asked: string[] = [];
  const gate = Promise.withResolvers<Awaited<ReturnType<Lookup>>>();
  const lookup: Lookup = (hostname) => {
    asked.push(hostname);
    return gate.promise;
  };
  return { asked, gate, lookup };
}

describe('a shared lookup', () => {
  it('asks once for a name while the answer is awaited, and again afterwards', async () => {
    const { asked, gate, lookup } = heldLookup();
    const shared = shareLookups(lookup);
    const ask = (name: string) => shared(name, 'alice');
    const both = Promise.all([ask('a.example'), ask('a.example'), ask('b.example')]);
    expect(asked).toEqual(['a.example', 'b.example']);
    gate.resolve([address]);
    expect(await both).toEqual(Array(3).fill([address]));
    await ask('a.example');
    expect(asked).toEqual(['a.example', 'b.example', 'a.example']);
  });

  it('refuses only the owner who exceeds its share, and accepts it again after a failure', async () => {
    const { gate, lookup } = heldLookup();
    const shared = shareLookups(lookup);
    const names = Array.from({ length: lookupsMax / 2 }, (_, index) => `${index}.example`);
    const waiting = Promise.allSettled(names.map((name) => shared(name, 'alice')));
    await expect(shared('late.example', 'alice')).rejects.toMatchObject({ name: 'OutboundBusy' });
    const hers = shared('late.example', 'bob').catch((error: Error) => error.message);
    gate.reject(new Error('no server'));
    expect((await waiting).every(({ status }) => status === 'rejected')).toBe(true);
    expect(await hers).toBe('no server');
    await expect(shared('late.example', 'alice')).rejects.toThrow('no server');
  });
});

describe('a lookup', () => {
  let folder: string;
  let server: DnsServer;
  const known = new Map<string, DnsAnswer>();
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'watchkeeper-names-'));
    server = await dnsServer((name) => known.get(name) ?? 'missing');
  });
  afterEach(() => {
    known.clear();
    server.asked.length = 0;
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });
  const hostsFile = () => path.join(folder, 'hosts');
  const resolvFile = () => path.join(folder, 'resolv.conf');
  const lookupWith = async (hosts: string, resolv = '') => {
    await writeFile(hostsFile(), hosts);
    await writeFile(resolvFile(), resolv);
    return createLookup({ hostsFile: hostsFile(), resolvFile: resolvFile(), servers: [server.address] });
  };
  const addressesOf = async (lookup: Lookup, name: string) =>
    (await lookup(name, 'alice')).map((one) => one.address);

  it('reads the hosts file first: names in any case, several on a line, comments', async () => {
    const lookup = await lookupWith(
      '192.0.2.7 Till till.shop.example # the old one\n::1 six\n2001:db8::7 till\nnonsense x\n',
    );
    expect(await addressesOf(lookup, 'till')).toEqual(['192.0.2.7', '2001:db8::7']);
    expect(await addressesOf(lookup, 'till.shop.example')).toEqual(['192.0.2.7']);
    expect(server.asked).toEqual([]);
  });

  it('knows localhost by itself, without a query', async () => {
    const lookup = await lookupWith('');
    expect(await addressesOf(lookup, 'localhost')).toEqual(['127.0.0.1', '::1']);
    expect(await addressesOf(lookup, 'app.localhost')).toEqual(['127.0.0.1', '::1']);
    expect(server.asked).toEqual([]);
  });

  it('asks for both families, and uses the search list like the machine', async () => {
    known.set('db.corp.example', ['192.0.2.2']).set('www.example.com', ['192.0.2.3']);
    const lookup = await lookupWith('', 'search lan.example corp.example\noptions timeout:1 ndots:2\n');
    expect(await addressesOf(lookup, 'db')).toEqual(['192.0.2.2']);
    expect(server.asked.filter((one) => one.endsWith(' A'))).toEqual([
      'db.lan.example A',
      'db.corp.example A',
    ]);
    expect(server.asked).toContain('db.corp.example AAAA');
    expect(await addressesOf(lookup, 'www.example.com')).toEqual(['192.0.2.3']);
  });

  it('separates a name that does not exist from one that cannot be resolved', async () => {
    known.set('broken.example', 'fails').set('empty.example', []);
    const lookup = await lookupWith('');
    await expect(lookup('gone.example', 'alice')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    await expect(lookup('empty.example', 'alice')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    await expect(lookup('broken.example', 'alice')).rejects.toMatchObject({ code: 'ESERVFAIL' });
    const nobody = createLookup({
      hostsFile: hostsFile(),
      resolvFile: resolvFile(),
      servers: ['127.0.0.1:9'],
    });
    await expect(nobody('www.example.com', 'alice')).rejects.toMatchObject({ code: 'EAI_AGAIN' });
  });

  it('is not delayed by names of others that never resolve', async () => {
    known.set('good.example', ['192.0.2.4']);
    for (let number = 0; number < 100; number += 1) known.set(`dead${number}.example`, 'silent');
    const lookup = await lookupWith('');
    const dead = [...known.keys()].filter((name) => name.startsWith('dead'));
    const done: string[] = [];
    for (const name of dead) lookup(name, 'alice').catch(() => done.push(name));
    expect(await lookup('good.example', 'bob')).toEqual([{ address: '192.0.2.4', family: 4 }]);
    // The dead lookups would fill every thread, and none of them has ended: so it waited for none.
    expect(done).toEqual([]);
  });
});

it('reads the needed settings of resolv.conf; the last search list counts', () => {
  expect(parseResolv('search a.example\n# x\nsearch B.example. c.example\noptions ndots:5 rotate\n')).toEqual(
    {
      search: ['b.example', 'c.example'],
      ndots: 5,
    },
  );
  expect(parseResolv('nameserver 192.0.2.53\n')).toEqual({ search: [], ndots: 1 });
});
