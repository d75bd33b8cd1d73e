import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkKinds, parseCheckConfig } from '../registry.ts';
import { describeSourceKinds, sourceKinds } from './registry.ts';

const kinds = [...sourceKinds.values()];

test('every file in kinds/ is registered under the name of its file, and nothing else is', () => {
  const files = readdirSync(path.join(import.meta.dirname, 'kinds'))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'all.ts')
    .map((name) => name.replace(/\.ts$/, '').replaceAll('-', '_'));
  expect(kinds.map((kind) => kind.kind).sort()).toEqual(files.sort());
});

describe.each(kinds)('$kind', (kind) => {
  test('has words and titled fields in a closed schema, and parses its fixture unchanged', () => {
    expect(kind.help.length).toBeGreaterThan(40);
    expect(kind.schema).toMatchObject({ additionalProperties: false });
    for (const field of Object.values(kind.schema.properties)) expect(field).toHaveProperty('title');
    const config = { ...kind.fixture };
    expect(parseCheckConfig(kind, config)).toEqual(config);
    expect(kind.target(config)).toMatch(/\S/);
  });

  test('keeps a secret, and does not do without it', () => {
    expect(kind.secrets.length).toBeGreaterThan(0);
    for (const name of kind.secrets) {
      expect(Object.keys(kind.schema.properties)).toContain(name);
      const { [name]: _secret, ...rest }: Record<string, unknown> = { ...kind.fixture };
      expect(() => parseCheckConfig(kind, rest)).toThrow(`config.${name}`);
    }
  });

  test('has a kind of checks that judge its devices, and a description for a form', () => {
    expect(checkKinds.get(kind.kind)?.schema.properties).toHaveProperty('ref');
    const described = describeSourceKinds().find((one) => one.kind === kind.kind);
    expect(JSON.parse(JSON.stringify(described))).toEqual(described);
  });
});
