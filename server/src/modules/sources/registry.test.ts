import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { contractOf } from '#platform/kinds/contract.fixture';
import { sourceKinds } from './registry.ts';

contractOf(sourceKinds, path.join(import.meta.dirname, 'kinds'));

describe.each(sourceKinds.all)('$kind', (kind) => {
  test('knows its target', () => {
    expect(kind.target({ ...kind.fixture })).toMatch(/\S/);
  });

  test('marks the fields of its address, so that a form requires the secrets again when they change', () => {
    const isAddress = (name: string) => {
      const field: object = kind.schema.properties[name] ?? {};
      return 'address' in field && field.address === true;
    };
    expect(Object.keys(kind.schema.properties).some(isAddress)).toBe(true);
    for (const [name, value] of Object.entries({ ...kind.fixture })) {
      if (isAddress(name)) continue;
      const changed = { ...kind.fixture, [name]: typeof value === 'string' ? `${value}x` : null };
      expect([name, kind.target(changed)]).toEqual([name, kind.target({ ...kind.fixture })]);
    }
  });

  test('keeps a secret, and requires it', () => {
    expect(kind.secrets.length).toBeGreaterThan(0);
    for (const name of kind.secrets) {
      const { [name]: _secret, ...rest }: Record<string, unknown> = { ...kind.fixture };
      expect(() => sourceKinds.parse(kind, rest)).toThrow(`config.${name}`);
    }
  });
});
