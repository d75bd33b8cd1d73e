import { describe, expect, it } from 'vitest';
import { firstHop, type Hop, nextHop } from './hop.ts';
import type { OutboundRequest } from './outbound.ts';

const signal = new AbortController().signal;
const SECRETS = { Authorization: 'Bearer s', Cookie: 'c=1', 'X-Api-Key': 'k', 'Webhook-Signature': 'v1,s' };

function hopTo(url: string, overrides: Partial<OutboundRequest> = {}): Hop {
  return firstHop(url, { method: 'GET', signal, timeoutMs: 1000, bodyBytesMax: 0, ...overrides });
}

function redirect(hop: Hop, status: number, location: string): Hop | undefined {
  return nextHop(hop, { status, headers: { location } });
}

describe('firstHop', () => {
  it.each([
    ['not a url', 'not a valid URL'],
    ['/path', 'not a valid URL'],
    [`https://a.example/${'x'.repeat(8192)}`, 'not a valid URL'],
    ['file:///etc/passwd', 'Only http and https'],
    ['gopher://a.example/', 'Only http and https'],
    ['ftp://a.example/', 'Only http and https'],
    ['javascript:alert(1)', 'Only http and https'],
    ['https://user:pass@a.example/', 'user name or password'],
    ['https://a.example@127.0.0.1/', 'user name or password'],
    ['https://a.example%40b.example@127.0.0.1/', 'user name or password'],
    ['https://:pw@a.example/', 'user name or password'],
    ['http://a.example:25/', 'Port 25'],
    ['https://a.example:6667/', 'Port 6667'],
  ])('refuses %s', (url, message) => {
    expect(() => hopTo(url)).toThrow(message);
  });

  it('does not repeat a URL in a refusal, because its path may be a secret', () => {
    try {
      hopTo('https://user:hunter2@hooks.example/services/T0/B0/secret');
      expect.unreachable();
    } catch (error) {
      expect(String(error)).not.toMatch(/hunter2|secret/);
    }
  });

  it.each([
    'Host',
    'content-length',
    'Transfer-Encoding',
    'Connection',
    'User-Agent',
    'Accept-Encoding',
    'Proxy-Authorization',
  ])('refuses the header %s, which this server sets', (name) => {
    expect(() => hopTo('https://a.example/', { headers: { [name]: 'x' } })).toThrow(name.toLowerCase());
  });

  it.each([{ 'x-a': 'a\r\nhost: b' }, { 'x a': '1' }, { '': '1' }, { 'x-a': 'a\u0000' }])(
    'refuses a header that would break the framing',
    (headers) => {
      expect(() => hopTo('https://a.example/', { headers })).toThrow('HTTP does not allow');
    },
  );
});

describe('nextHop', () => {
  it('is undefined without a redirect status or a location', () => {
    const hop = hopTo('https://a.example/');
    expect(redirect(hop, 200, '/b')).toBeUndefined();
    expect(redirect(hop, 304, '/b')).toBeUndefined();
    expect(nextHop(hop, { status: 302, headers: {} })).toBeUndefined();
  });

  it.each([
    ['POST', 301, 'GET'],
    ['POST', 302, 'GET'],
    ['POST', 303, 'GET'],
    ['POST', 307, 'POST'],
    ['POST', 308, 'POST'],
    ['PUT', 302, 'PUT'],
    ['PUT', 303, 'GET'],
    ['HEAD', 303, 'HEAD'],
    ['GET', 302, 'GET'],
  ] as const)('turns %s answered by %i into %s', (method, status, expected) => {
    const hop = hopTo('https://a.example/x', {
      method,
      headers: { 'Content-Type': 'text/plain' },
      body: 'b',
    });
    const next = redirect(hop, status, '../y?z=1');
    expect(next?.url.href).toBe('https://a.example/y?z=1');
    expect(next?.method).toBe(expected);
    expect(next?.body).toBe(expected === method ? 'b' : undefined);
    expect(Object.keys(next?.headers ?? {})).toEqual(expected === method ? ['content-type'] : []);
  });

  it('keeps every header within the origin', () => {
    const next = redirect(hopTo('https://a.example/', { headers: SECRETS }), 302, 'https://a.example:443/y');
    expect(Object.keys(next?.headers ?? {})).toHaveLength(Object.keys(SECRETS).length);
  });

  it.each(['https://b.example/', 'https://a.example:444/', 'http://a.example/', '//b.example/'])(
    'drops possible secrets on the way to %s, and does not send them again on the way back',
    (location) => {
      const headers = { ...SECRETS, Accept: 'text/html', 'If-None-Match': '"1"' };
      const away = redirect(hopTo('https://a.example/', { headers }), 302, location);
      expect(away?.headers).toEqual({ accept: 'text/html', 'if-none-match': '"1"' });
      const back = away && redirect(away, 302, 'https://a.example/');
      expect(back?.headers).toEqual({ accept: 'text/html', 'if-none-match': '"1"' });
    },
  );

  it('refuses to carry a body from https to http', () => {
    const hop = hopTo('https://a.example/', { method: 'POST', body: 'b' });
    expect(() => redirect(hop, 307, 'http://a.example/')).toThrow('not sent on over http');
    expect(redirect(hop, 302, 'http://a.example/')?.body).toBeUndefined();
  });

  it.each([
    'file:///etc/passwd',
    'https://u:p@b.example/',
    'http://b.example:22/',
    'http://[',
    'http://a b/',
  ])('vets the location %s like any URL', (location) => {
    expect(() => redirect(hopTo('https://a.example/'), 302, location)).toThrow();
  });
});
