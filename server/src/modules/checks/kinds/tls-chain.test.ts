import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startLoopbackServer } from '#platform/outbound/loopback-server';
import { probe } from '../checks.fixture.ts';
import { type Issued, issue } from '../probe/certificates.fixture.ts';

const name = 'door.example.test';
let root: Issued;
let middle: Issued;
let own: Issued;

beforeAll(() => {
  root = issue({ name: 'Test Root', days: 3_000, isAuthority: true });
  middle = issue({ name: 'Test Intermediate', days: 3, issuer: root, isAuthority: true });
  own = issue({ name, days: 60, issuer: middle });
});

const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const resource of opened.splice(0)) await resource[Symbol.asyncDispose]();
});

async function door(certificate: Issued, chain: readonly Issued[], more: object) {
  const cert = [certificate, ...chain].map((one) => one.cert).join('\n');
  const server = await startLoopbackServer((_request, response) => response.end('ok'), {
    key: certificate.key,
    cert,
  });
  opened.push(server);
  const asked = { server_name: name, ca: root.cert, ...more };
  const { port } = server;
  return {
    tls: await probe('tls', { host: '127.0.0.1', port, days_left_min: 14, ...asked }),
    http: await probe('http', { url: `https://127.0.0.1:${port}/`, certificate_days_left_min: 14, ...asked }),
  };
}

describe('a chain', () => {
  test('is valid until its first certificate expires, and says which that is', async () => {
    const seen = await door(own, [middle], {});
    for (const run of [seen.tls, seen.http])
      expect(run).toMatchObject({
        outcome: 'failed',
        reason: expect.stringMatching(
          /^The certificate of the authority "Test Intermediate" in the chain expires in 2 days \(.*\); at least 14 are required\.$/,
        ),
        details: {
          certificate_subject: name,
          certificate_issuer: 'Test Intermediate',
          certificate_ends_first: 'Test Intermediate',
          certificate_days_left: 2,
        },
      });
  });

  test('without its intermediate certificate is incomplete, and the reason says which is missing', async () => {
    const seen = await door(own, [], {});
    for (const run of [seen.tls, seen.http])
      expect(run).toMatchObject({
        outcome: 'failed',
        reason:
          'The chain is incomplete: the server does not send the intermediate certificate of "Test Intermediate", which issued the certificate of "door.example.test"; or this authority is not trusted here.',
      });
  });

  test('is not shortened by an old cross-signed copy of its authority, sent for old clients', async () => {
    const old = issue({ name: 'Old Root', days: 1, isAuthority: true });
    const crossed = issue({ name: 'Test Root', days: 1, issuer: old, key: root.key, isAuthority: true });
    const direct = issue({ name, days: 60, issuer: root });
    const seen = await door(direct, [crossed], {});
    for (const run of [seen.tls, seen.http])
      expect(run).toMatchObject({ outcome: 'ok', details: { certificate_days_left: 59 } });
  });

  test('that is accepted without verification still shows its certificate', async () => {
    const seen = await door(own, [middle], { ca: undefined, skip_verify: true, server_name: undefined });
    expect(seen.tls).toMatchObject({
      outcome: 'failed',
      details: { certificate_ends_first: 'Test Intermediate' },
    });
  });
});
