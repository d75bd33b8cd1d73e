import { describe, expect, test } from 'vitest';
import { judge, type Parent, type Standing } from './state.ts';

const fresh: Standing = { status: 'pending', reason: null, failures: 0, successes: 0 };
const limits = { alertAfterFailures: 3, recoverAfterSuccesses: 2 };
const outcomes = { F: 'failed', S: 'ok', U: 'unable' } as const;

/** `FFS`: failed, failed, ok. */
function after(results: string, parent: Parent | null = null, start: Standing = fresh): Standing {
  return [...results].reduce((standing, letter) => {
    const outcome = letter === 'F' ? outcomes.F : letter === 'S' ? outcomes.S : outcomes.U;
    return judge(standing, { outcome, reason: 'It broke.' }, limits, parent);
  }, start);
}

describe('a check', () => {
  test.each([
    ['', 'pending'],
    ['S', 'up'],
    ['F', 'pending'],
    ['FF', 'pending'],
    ['FFF', 'down'],
    ['SFF', 'up'],
    ['SFFF', 'down'],
    ['SFFSFF', 'up'],
    ['FFFS', 'down'],
    ['FFFSFS', 'down'],
    ['FFFSS', 'up'],
    ['SU', 'unknown'],
    ['FFFU', 'unknown'],
    ['FFFUS', 'unknown'],
    ['FFFUSS', 'up'],
    ['FFFUF', 'down'],
  ])('that falls after 3 failures and rises after 2 successes is, after "%s", %s', (results, status) => {
    expect(after(results).status).toBe(status);
  });

  test('keeps the reason why it is down until it is up', () => {
    expect(after('FFFS').reason).toBe('It broke.');
    expect(after('FFFSS').reason).toBeNull();
  });
});

describe('a check that depends on another', () => {
  const parent = (state: Parent['state']): Parent => ({ name: 'The gateway', state });

  test('is not judged while the parent is down, whatever its own result', () => {
    for (const results of ['F', 'S', 'FFFF'])
      expect(after(results, parent('down'))).toMatchObject({
        status: 'unknown',
        failures: 0,
        reason: expect.stringContaining('The gateway'),
      });
  });

  test('cannot fall while the parent may be falling, but can rise', () => {
    const up = after('S');
    expect(after('FFFFF', parent('failing'), up)).toMatchObject({ status: 'up', failures: 0 });
    expect(after('SS', parent('failing'), after('FFF'))).toMatchObject({ status: 'up' });
  });

  test('needs its full number of results again afterwards', () => {
    const held = after('F', parent('down'), after('FFF'));
    expect(after('S', null, held).status).toBe('unknown');
    expect(after('SS', null, held).status).toBe('up');
    expect(after('FF', null, held).status).toBe('unknown');
    expect(after('FFF', null, held).status).toBe('down');
  });
});
