import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { createPeerReader, networkOf } from './peer.ts';

function request(remoteAddress: string | undefined, forwarded?: string) {
  const socket = Object.defineProperty(new Socket(), 'remoteAddress', { value: remoteAddress });
  return { socket, headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded } };
}

const trusted = ['10.0.0.0/8', '127.0.0.1/32', 'fd00::/8'];

test.each([
  ['a header is not believed unless its sender is trusted', '192.0.2.9', '203.0.113.7', '192.0.2.9'],
  ['a trusted proxy names its client', '10.0.0.1', '203.0.113.7', '203.0.113.7'],
  [
    "a client's own entry stands further left and is ignored",
    '10.0.0.1',
    '1.1.1.1, 203.0.113.7',
    '203.0.113.7',
  ],
  ['a chain of trusted proxies is followed', '10.0.0.1', '1.1.1.1, 203.0.113.7, 10.9.9.9', '203.0.113.7'],
  ['all of them trusted: the one furthest away', '10.0.0.1', '10.1.1.1, 10.2.2.2', '10.1.1.1'],
  ['no header: the proxy itself', '10.0.0.1', undefined, '10.0.0.1'],
  ['an empty header: the proxy itself', '10.0.0.1', '', '10.0.0.1'],
  ['a word is not an address', '10.0.0.1', '203.0.113.7, unknown', '10.0.0.1'],
  ['a word ends the reading', '10.0.0.1', '203.0.113.7, <script>, 10.2.2.2', '10.2.2.2'],
  ['an address with a zone is not accepted', '10.0.0.1', 'fe80::1%eth0', '10.0.0.1'],
  ['a port is left out', '10.0.0.1', '203.0.113.7:4711', '203.0.113.7'],
  ['a port of IPv6 is left out too', '10.0.0.1', '[2001:db8::7]:4711', '2001:db8::7'],
  ['brackets alone', '10.0.0.1', '[2001:DB8:0::7]', '2001:db8::7'],
  ['a mapped address counts as its IPv4 address', '::ffff:10.0.0.1', '::ffff:203.0.113.7', '203.0.113.7'],
  ['a trusted IPv6 network', 'fd12::1', '2001:db8::7', '2001:db8::7'],
  ['10.0.0.0/8 does not trust IPv6', '::a00:1', '203.0.113.7', '::a00:1'],
  ['a closed connection has no peer', undefined, '203.0.113.7', ''],
])('%s', (_what, connected, forwarded, peer) => {
  expect(createPeerReader(trusted)(request(connected, forwarded))).toBe(peer);
});

test('without TRUSTED_PROXIES nobody is believed', () => {
  expect(createPeerReader([])(request('127.0.0.1', '203.0.113.7'))).toBe('127.0.0.1');
});

test('a list of thousands is read from its right end, and not to its left one', () => {
  const long = `203.0.113.7, ${Array(5_000).fill('10.0.0.2').join(', ')}`;
  expect(createPeerReader(trusted)(request('10.0.0.1', long))).toBe('10.0.0.2');
});

test('all addresses of one IPv6 subscriber are one network', () => {
  expect(networkOf('2001:db8:0:1::7')).toBe(networkOf('2001:db8:0:1:ffff::1'));
  expect(networkOf('2001:db8:0:1::7')).not.toBe(networkOf('2001:db8:0:2::7'));
  expect(networkOf('192.0.2.1')).toBe('192.0.2.1');
  expect(networkOf('')).toBe('');
});
