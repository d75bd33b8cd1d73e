import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAddressPolicy } from './address.ts';

const noneListed = createAddressPolicy([]);

/** Copied from the registries (RFC 6890 and successors), independently of the library that the code uses. */
const BLOCKED_IPV4: readonly [string, number, string][] = [
  ['0.0.0.0', 8, 'unspecified'],
  ['10.0.0.0', 8, 'private'],
  ['100.64.0.0', 10, 'carrier-grade NAT'],
  ['127.0.0.0', 8, 'loopback'],
  ['169.254.0.0', 16, 'link-local'],
  ['172.16.0.0', 12, 'private'],
  ['192.0.0.0', 24, 'reserved'],
  ['192.0.2.0', 24, 'reserved'],
  ['192.88.99.0', 24, 'reserved'],
  ['192.168.0.0', 16, 'private'],
  ['198.18.0.0', 15, 'reserved'],
  ['198.51.100.0', 24, 'reserved'],
  ['203.0.113.0', 24, 'reserved'],
  ['224.0.0.0', 4, 'multicast'],
  ['240.0.0.0', 4, 'reserved'],
];

function toNumber(address: string): number {
  return address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
}

function toDotted(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}

function isAllowed(address: string, policy = noneListed): boolean {
  return policy.judge(address).allowed;
}

describe('address policy', () => {
  it.each(BLOCKED_IPV4)(
    'refuses the first and last address of %s/%i as %s',
    (network, bits, addressClass) => {
      const first = toNumber(network);
      const last = first + 2 ** (32 - bits) - 1;
      for (const address of [toDotted(first), toDotted(last - 1)]) {
        expect(noneListed.judge(address)).toEqual({ allowed: false, addressClass });
      }
    },
  );

  it('allows the public addresses next to the blocked IPv4 networks', () => {
    for (const address of [
      '1.0.0.0',
      '9.255.255.255',
      '11.0.0.0',
      '100.63.255.255',
      '100.128.0.0',
      '126.255.255.255',
      '128.0.0.0',
      '169.253.255.255',
      '169.255.0.0',
      '172.15.255.255',
      '172.32.0.0',
      '192.167.255.255',
      '192.169.0.0',
      '198.17.255.255',
      '198.20.0.0',
      '223.255.255.255',
      '8.8.8.8',
    ]) {
      expect(noneListed.judge(address)).toEqual({
        allowed: true,
        listed: false,
        address: { address, family: 4 },
      });
    }
  });

  it.each([
    ['::', 'unspecified'],
    ['::1', 'loopback'],
    ['::127.0.0.1', 'reserved'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:a9fe:a9fe', 'cloud metadata'],
    ['::ffff:0:8.8.8.8', 'reserved'],
    ['64:ff9b::10.0.0.1', 'private'],
    ['64:ff9b::7f00:1', 'loopback'],
    ['64:ff9b::a9fe:a9fe', 'cloud metadata'],
    ['64:ff9b:1::808:808', 'local NAT64'],
    ['100::1', 'reserved'],
    ['2001::1', 'Teredo tunnel'],
    ['2001:0:4136:e378:8000:63bf:80ff:fffe', 'Teredo tunnel'],
    ['2001:2::1', 'reserved'],
    ['2001:10::1', 'reserved'],
    ['2001:db8::1', 'reserved'],
    ['2002:7f00:1::', '6to4 tunnel'],
    ['2002:808:808::1', '6to4 tunnel'],
    ['3fff::1', 'reserved'],
    ['4000::1', 'reserved'],
    ['5f00::1', 'reserved'],
    ['fc00::1', 'private'],
    ['fd00:ec2::254', 'private'],
    ['fe80::1', 'link-local'],
    ['febf::1', 'link-local'],
    ['fec0::1', 'private'],
    ['ff02::1', 'multicast'],
    ['168.63.129.16', 'cloud metadata'],
    ['169.254.169.254', 'cloud metadata'],
    ['fe80::1%eth0', 'unreadable'],
    ['127.1', 'unreadable'],
    ['0x7f000001', 'unreadable'],
    ['', 'unreadable'],
  ])('refuses %s as %s', (address, addressClass) => {
    expect(noneListed.judge(address)).toEqual({ allowed: false, addressClass });
  });

  it('allows public IPv6, and public IPv4 behind the two prefixes that embed it', () => {
    expect(noneListed.judge('2606:4700:4700:0::1111')).toEqual({
      allowed: true,
      listed: false,
      address: { address: '2606:4700:4700::1111', family: 6 },
    });
    expect(noneListed.judge('::ffff:8.8.8.8')).toEqual({
      allowed: true,
      listed: false,
      address: { address: '8.8.8.8', family: 4 },
    });
    expect(noneListed.judge('64:ff9b::808:808')).toEqual({
      allowed: true,
      listed: false,
      address: { address: '64:ff9b::808:808', family: 6 },
    });
  });

  it('refuses every blocked IPv4 address in every IPv6 form that embeds it', () => {
    const blocked = fc
      .constantFrom(...BLOCKED_IPV4)
      .chain(([network, bits]) =>
        fc.nat({ max: 2 ** (32 - bits) - 1 }).map((offset) => toNumber(network) + offset),
      );
    fc.assert(
      fc.property(blocked, (value) => {
        const high = Math.floor(value / 65_536).toString(16);
        const low = (value % 65_536).toString(16);
        const dotted = toDotted(value);
        for (const form of [
          dotted,
          `::ffff:${dotted}`,
          `::ffff:${high}:${low}`,
          `::${dotted}`,
          `::ffff:0:${dotted}`,
          `64:ff9b::${dotted}`,
          `64:ff9b:1::${dotted}`,
          `2002:${high}:${low}::1`,
        ]) {
          expect(isAllowed(form), form).toBe(false);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('lets a listed network override the block, in either family and behind an IPv4-embedding prefix', () => {
    const policy = createAddressPolicy(['10.20.0.0/16', 'fd00::/8', '127.0.0.1']);
    for (const address of ['10.20.3.4', '::ffff:10.20.3.4', '64:ff9b::10.20.3.4', 'fd12::1', '127.0.0.1']) {
      expect(policy.judge(address)).toMatchObject({ allowed: true, listed: true });
    }
    for (const address of ['10.21.0.1', '127.0.0.2', 'fc00::1', '::1', '2002:a14:304::1']) {
      expect(isAllowed(address, policy), address).toBe(false);
    }
    expect(policy.judge('8.8.8.8')).toMatchObject({ allowed: true, listed: false });
  });

  it.each([
    '',
    'localhost',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10/8',
    '::/129',
    '10.0.0.0/8/8',
    '::ffff:10.0.0.0/104',
  ])('refuses "%s" in the list, by name', (entry) => {
    expect(() => createAddressPolicy(['10.0.0.0/8', entry])).toThrow(`"${entry}"`);
  });
});

describe('an address listed with a port', () => {
  const policy = createAddressPolicy(['127.0.0.1:4000']);

  it('is reached at that port and at no other', () => {
    expect(policy.judge('127.0.0.1', 4000)).toMatchObject({ allowed: true, listed: true });
    expect(policy.judge('::ffff:127.0.0.1', 4000).allowed).toBe(true);
    for (const port of [undefined, 1, 53, 4001]) expect(policy.judge('127.0.0.1', port).allowed).toBe(false);
    expect(policy.judge('127.0.0.2', 4000).allowed).toBe(false);
  });

  it('does not change the rules for public addresses', () => {
    expect(policy.judge('9.9.9.9', 443)).toMatchObject({ allowed: true, listed: false });
  });

  it.each(['127.0.0.1:', '999.0.0.1:80', '10.0.0.0/8:80', '127.0.0.1:http'])('is refused as %s', (entry) => {
    expect(() => createAddressPolicy([entry])).toThrow(/is not a network/);
  });
});
