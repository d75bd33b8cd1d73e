import { describe, expect, test } from 'vitest';
import { contractOf } from '#platform/kinds/contract.fixture';
import { stepKinds } from '../registry.ts';

contractOf(stepKinds, import.meta.dirname);

describe.each(stepKinds.all.map((kind) => [kind.kind, kind] as const))('the step %s', (_name, kind) => {
  test('says what it does in one sentence, and keeps what an address may hide', () => {
    const words = kind.words(kind.fixture);
    expect(words).toMatch(/^[A-Z][^\n]*\.$/);
    expect(words).not.toContain('/power-loss');
  });

  test('names only fields of its schema as addresses', () => {
    expect(Object.keys(kind.schema.properties)).toEqual(expect.arrayContaining([...(kind.urls ?? [])]));
  });
});
