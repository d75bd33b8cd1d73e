import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { contractOf } from '#platform/kinds/contract.fixture';
import { sourceKinds } from './registry.ts';

contractOf(sourceKinds, path.join(import.meta.dirname, 'kinds'));

describe.each(sourceKinds.all)('$kind', (kind) => {
  test('knows its target', () => {
    expect(kind.target({ ...kind.fixture })).toMatch(/\S/);
  });

  test('keeps a secret, and does not do without it', () => {
    expect(kind.secrets.length).toBeGreaterThan(0);
    for (const name of kind.secrets) {
      const { [name]: _secret, ...rest }: Record<string, unknown> = { ...kind.fixture };
      expect(() => sourceKinds.parse(kind, rest)).toThrow(`config.${name}`);
    }
  });
});
