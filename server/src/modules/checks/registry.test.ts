import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { contractOf } from '#platform/kinds/contract.fixture';
import { checkKinds, describeCheckKinds, observedKinds } from './registry.ts';

contractOf(checkKinds, path.join(import.meta.dirname, 'kinds'), {
  without: observedKinds.map(({ kind }) => kind),
});

describe.each(checkKinds.all)('$kind', (kind) => {
  test('knows its target', () => {
    // A kind that judges by stored data has no target.
    const target = kind.target({ ...kind.fixture });
    if (kind.prepare === undefined) expect(target).toMatch(/\S/);
    else expect(target).toBeNull();
  });

  test('is offered as a form when people can make it', () => {
    const offered = describeCheckKinds().some((one) => one.kind === kind.kind);
    expect(offered).toBe(kind.madeWith === undefined);
  });
});

test.each([
  [{ url: 'http://user:pass@example.com/' }, /config\.url/],
  [{ url: 'http://example.com:25/' }, /config\.url/],
  [{ url: 'http://example.com/', body_matches: '(a)\\1' }, /config\.body_matches/],
  [{ url: 'http://example.com/', json: [{ path: 'a..b' }] }, /config\.json\.0\.path/],
  [{ url: 'http://example.com/', expect_status: ['600'] }, /config\.expect_status/],
  [{ url: 'http://example.com/', body: 'a\0b' }, /config/],
])('the HTTP config %j is refused by the name of its field', (config, field) => {
  expect(() => checkKinds.parse(checkKinds.get('http'), config)).toThrow(field);
});

const url = 'https://example.com/';
const pem = '-----BEGIN CERTIFICATE-----\nbm90IGEgY2VydGlmaWNhdGU=\n-----END CERTIFICATE-----';

test.each<[string, Record<string, unknown>, RegExp]>([
  ...['Host', 'content-length', 'Transfer-Encoding', 'Connection', 'User-Agent', 'Proxy-Authorization'].map(
    (name): [string, Record<string, unknown>, RegExp] => [
      'http',
      { url, headers: { [name]: 'x' } },
      new RegExp(`config\\.headers\\.${name}: .*set by this server`),
    ],
  ),
  ['http', { url, secret_headers: { 'X-A': 'line\nbreak' } }, /config\.secret_headers\.X-A/],
  ['http', { url, host_header: 'https://shop.example.com' }, /config\.host_header: must be a name/],
  ['http', { url, host_header: 'shop.example.com:70000' }, /config\.host_header/],
  ['http', { url, server_name: 'shop.example.com:443' }, /config\.server_name: must be a name/],
  ['http', { url, resolve_to: 'shop.example.com' }, /config\.resolve_to: must be an address/],
  ['http', { url, user_agent: 'a\r\nb' }, /config\.user_agent/],
  ['http', { url, expect_status: ['299-200'] }, /config\.expect_status\.0: no status/],
  ['http', { url, expect_headers: [{ name: 'X A:' }] }, /config\.expect_headers\.0\.name/],
  ['http', { url, method: 'HEAD', body_contains: 'x' }, /config\.method: HEAD is answered without a body/],
  ['http', { url, body_matches: 'a(?=b)' }, /config\.body_matches: must not use lookahead/],
  ['http', { url, json: [{ path: '$.n', equals: 2 ** 60 }] }, /config\.json\.0\.equals: .*as text/],
  ['http', { url: 'http://example.com/', certificate_days_left_min: 7 }, /config\.certificate_days_left_min/],
  ['http', { url, ca: pem }, /config\.ca: holds a certificate that cannot be read/],
  ...[
    'https://db.example.com',
    'db.example.com:5432',
    'db example.com',
    'db.example.com/path',
    'a@b',
    '',
  ].flatMap((host): [string, Record<string, unknown>, RegExp][] => [
    ['tcp', { host, port: 80 }, /config\.host/],
    ['tls', { host }, /config\.host/],
    ['icmp', { host }, /config\.host/],
    ['dns', { name: host }, /config\.name/],
    ['dns', { name: 'example.com', server: host === '' ? ' ' : host }, /config\.server/],
    ['postgres', { host, user: 'watch' }, /config\.host/],
    ['redis', { host }, /config\.host/],
    ['mqtt', { host }, /config\.host/],
  ]),
  ['tcp', { host: 'db.example.com', port: 65_536 }, /config\.port/],
  ['tls', { host: 'db.example.com', server_name: 'https://db.example.com' }, /config\.server_name/],
  ['dns', { name: '192.0.2.1', record: 'A' }, /config\.name: is an address/],
  ['dns', { name: 'example.com', expected: ['2001:db8::1'] }, /config\.expected\.0: must be an IPv4 address/],
  ['dns', { name: 'example.com', record: 'AAAA', expected: ['192.0.2.1'] }, /config\.expected\.0/],
  ['dns', { name: 'example.com', must_not_exist: true, expected: ['192.0.2.1'] }, /config\.expected/],
])('%s %j can never work, and is refused by the name of its field', (kind, config, field) => {
  expect(() => checkKinds.parse(checkKinds.get(kind), config)).toThrow(field);
});

test.each<[string, Record<string, unknown>]>([
  ['http', { url, host_header: '[2001:db8::1]:8443', resolve_to: '2001:db8::10', body_matches: '(a+)+$' }],
  ['tcp', { host: '2001:db8::1', port: 80 }],
  ['tls', { host: 'Bücher.example.com.', starttls: 'smtp', port: 25 }],
  ['dns', { name: '_sip._tcp.example.com', record: 'SRV' }],
  ['dns', { name: '2001:db8::1', record: 'PTR' }],
])('%s %j is accepted', (kind, config) => {
  expect(() => checkKinds.parse(checkKinds.get(kind), config)).not.toThrow();
});
