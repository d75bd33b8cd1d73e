import { describe, expect, test } from 'vitest';
import { all, facts } from './judge.fixture.ts';
import { judgeSite } from './judge.ts';
import { ofNetwork } from './network-cases.fixture.ts';
import { ofOurs } from './our-cases.fixture.ts';
import { ofParts } from './part-cases.fixture.ts';
import { ofPower } from './power-cases.fixture.ts';
import { ofSources } from './source-cases.fixture.ts';

const tables = { ofPower, ofNetwork, ofParts, ofSources, ofOurs };

describe.each(Object.entries(tables))('%s', (_name, cases) => {
  test.each(cases)('%s', (_case, given, expected) => {
    const verdict = judgeSite(facts(given));
    expect(verdict?.kind ?? null).toBe(expected.kind);
    if (verdict === null) return;
    const [from, to] = expected.confidence ?? [0.05, 0.95];
    expect(verdict.confidence).toBeGreaterThanOrEqual(from);
    expect(verdict.confidence).toBeLessThanOrEqual(to);
    for (const words of expected.says ?? []) expect(verdict.evidence.join('\n')).toContain(words);
    for (const words of expected.doubts ?? []) expect(verdict.counter_evidence.join('\n')).toContain(words);
    if (expected.systems !== undefined)
      expect(verdict.affected_systems).toEqual([...expected.systems].toSorted());
    expect(verdict.evidence).not.toEqual([]);
    expect(verdict.suggested_cause).not.toBe('');
    expect(verdict.time_window.from <= verdict.time_window.to).toBe(true);
  });
});

test('the tables have at least sixty cases', () => {
  expect(Object.values(tables).flat().length).toBeGreaterThanOrEqual(60);
});

test('the order of the facts does not matter', () => {
  const devices = all(6);
  expect(judgeSite(facts({ devices: devices.toReversed() }))).toEqual(judgeSite(facts({ devices })));
});
