import { describe, expect, it } from 'vitest';
import type { VettedHost } from './host.ts';
import { startLoopbackServer } from './loopback-server.ts';
import { PinnedPools } from './pinned-pools.ts';

function hostAt(port: number, ...addresses: string[]): VettedHost {
  return { hostname: 'a.example', port, addresses: addresses.map((address) => ({ address, family: 4 })) };
}

describe('PinnedPools', () => {
  it('shares a pool only between equal sets of addresses of one origin', async () => {
    await using pools = new PinnedPools();
    const pool = pools.for('http://a.example:80', hostAt(80, '127.0.0.1', '127.0.0.2'));
    expect(pools.for('http://a.example:80', hostAt(80, '127.0.0.2', '127.0.0.1'))).toBe(pool);
    expect(pools.for('http://a.example:80', hostAt(80, '127.0.0.1'))).not.toBe(pool);
    expect(pools.for('https://a.example:80', hostAt(80, '127.0.0.1', '127.0.0.2'))).not.toBe(pool);
  });

  it('keeps at most 128 pools, drops the least recently used, and lets its request finish', async () => {
    const started = Promise.withResolvers<() => void>();
    await using server = await startLoopbackServer((_request, response) => {
      started.resolve(() => void response.end('finished'));
    });
    await using pools = new PinnedPools();
    const origin = `http://a.example:${server.port}`;
    const oldest = pools.for(origin, hostAt(server.port, '127.0.0.1'));
    const pending = oldest.request({ path: '/', method: 'GET' });
    const finish = await started.promise;
    const kept = pools.for('http://b.example:80', hostAt(80, '127.0.0.1'));
    for (let index = 0; index < 127; index += 1) {
      pools.for(`http://b${index}.example:80`, hostAt(80, '127.0.0.1'));
      pools.for('http://b.example:80', hostAt(80, '127.0.0.1'));
    }
    expect(pools.size).toBe(128);
    expect(pools.for('http://b.example:80', hostAt(80, '127.0.0.1'))).toBe(kept);
    finish();
    expect(await (await pending).body.text()).toBe('finished');
    expect(pools.for(origin, hostAt(server.port, '127.0.0.1'))).not.toBe(oldest);
  });

  it('sends nothing over a connection that did not end at a vetted address', async () => {
    await using server = await startLoopbackServer((_request, response) => response.end());
    await using pools = new PinnedPools();
    // An address instead of a name is connected to without the pinned lookup.
    const pool = pools.for(`http://127.0.0.1:${server.port}`, hostAt(server.port, '127.0.0.2'));
    await expect(pool.request({ path: '/', method: 'GET' })).rejects.toMatchObject({
      name: 'OutboundRefused',
    });
    expect(server.requests).toEqual([]);
  });

  it('gives out no pool once it is closed', async () => {
    const pools = new PinnedPools();
    await pools[Symbol.asyncDispose]();
    expect(() => pools.for('http://a.example:80', hostAt(80, '127.0.0.1'))).toThrow('closed');
  });
});
