import { describe, expect, it } from 'vitest';
import { createSystemLookup, type Lookup, shareLookups } from './lookup.ts';

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
  it('asks once for a name while the answer is on its way, and again afterwards', async () => {
    const { asked, gate, lookup } = heldLookup();
    const shared = shareLookups(lookup);
    const both = Promise.all([shared('a.example'), shared('a.example'), shared('b.example')]);
    expect(asked).toEqual(['a.example', 'b.example']);
    gate.resolve([{ address: '192.0.2.1', family: 4 }]);
    expect(await both).toEqual(Array(3).fill([{ address: '192.0.2.1', family: 4 }]));
    await shared('a.example');
    expect(asked).toEqual(['a.example', 'b.example', 'a.example']);
  });

  it('turns away the 257th name that waits, and is open again after a failure', async () => {
    const { gate, lookup } = heldLookup();
    const shared = shareLookups(lookup);
    const waiting = Promise.allSettled(Array.from({ length: 256 }, (_, index) => shared(`${index}.example`)));
    await expect(shared('late.example')).rejects.toThrow('Too many name lookups');
    gate.reject(new Error('no server'));
    expect((await waiting).every(({ status }) => status === 'rejected')).toBe(true);
    await expect(shared('late.example')).rejects.toThrow('no server');
  });

  it('reads what the machine itself knows', async () => {
    const answers = await createSystemLookup()('localhost');
    expect(answers.length).toBeGreaterThan(0);
    for (const { address } of answers) expect(address).toMatch(/^(127\.|::1$)/);
  });
});
