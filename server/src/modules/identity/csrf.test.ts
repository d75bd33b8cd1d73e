import { describe, expect, it } from 'vitest';
import { provenanceOf, refuseForeign, requireSameOrigin } from './csrf.ts';

const publicOrigin = 'https://watch.example.com';

describe('the origin of a request', () => {
  it.each([
    [{ origin: publicOrigin, 'sec-fetch-site': 'same-site' }, 'same_origin'],
    [{ 'sec-fetch-site': 'same-origin' }, 'same_origin'],
    [{ 'sec-fetch-site': 'none' }, 'same_origin'],
    [{ 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }, 'foreign'],
    [{ 'sec-fetch-site': 'same-site', origin: 'https://other.example.com' }, 'foreign'],
    [{ 'sec-fetch-site': 'cross-site', origin: 'http://10.0.0.5:4000', host: '10.0.0.5:4000' }, 'foreign'],
    [{ origin: 'http://10.0.0.5:4000', host: '10.0.0.5:4000' }, 'same_origin'],
    [{ origin: 'http://10.0.0.5:4001', host: '10.0.0.5:4000' }, 'foreign'],
    [{ origin: 'https://evil.example', host: '10.0.0.5:4000' }, 'foreign'],
    [{ origin: 'null', host: '10.0.0.5:4000' }, 'foreign'],
    [{ host: '10.0.0.5:4000' }, 'unknown'],
  ])('%j is %s', (headers, expected) => {
    expect(provenanceOf(headers, publicOrigin)).toBe(expected);
  });
});

describe('a session cookie', () => {
  it('may read from anywhere, because a read changes nothing', () => {
    expect(() => requireSameOrigin('GET', { 'sec-fetch-site': 'cross-site' }, publicOrigin)).not.toThrow();
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH'])('may not %s without proof of our own page', (method) => {
    expect(() => requireSameOrigin(method, {}, publicOrigin)).toThrow(
      expect.objectContaining({ code: 'csrf_rejected' }),
    );
  });
});

describe('signing in', () => {
  it('is allowed to programs, which send no origin', () => {
    expect(() => refuseForeign({}, publicOrigin)).not.toThrow();
  });

  it('is refused to pages of other sites', () => {
    expect(() => refuseForeign({ origin: 'https://evil.example' }, publicOrigin)).toThrow(
      expect.objectContaining({ code: 'csrf_rejected' }),
    );
  });
});
