import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkKinds, describeCheckKinds, getCheckKind, parseCheckConfig } from './registry.ts';

const kinds = [...checkKinds.values()];

test('every file in kinds/ is registered under the name of its file, and nothing else is', () => {
  const files = readdirSync(path.join(import.meta.dirname, 'kinds'))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'all.ts')
    .map((name) => name.replace(/\.ts$/, '').replaceAll('-', '_'));
  expect(kinds.map((kind) => kind.kind).sort()).toEqual(files.sort());
});

describe.each(kinds)('$kind', (kind) => {
  test('has a label, a help text and titled fields in a closed schema', () => {
    expect(kind.label).toMatch(/\S/);
    expect(kind.help.length).toBeGreaterThan(40);
    expect(kind.schema).toMatchObject({ additionalProperties: false });
    for (const field of Object.values(kind.schema.properties)) expect(field).toHaveProperty('title');
  });

  test('parses its fixture unchanged and knows its target', () => {
    const config = { ...kind.fixture };
    expect(parseCheckConfig(kind, config)).toEqual(config);
    // What judges by stored words bothers nobody.
    const target = kind.target(config);
    if (kind.prepare === undefined) expect(target).toMatch(/\S/);
    else expect(target).toBeNull();
  });

  test('keeps secrets that are fields of its config', () => {
    for (const name of kind.secrets) expect(Object.keys(kind.schema.properties)).toContain(name);
  });

  test('refuses a field it does not know and names it', () => {
    expect(() => parseCheckConfig(kind, { ...kind.fixture, no_such_field: 1 })).toThrow(
      /config\.no_such_field/,
    );
  });

  test('can be described to a form as plain JSON', () => {
    const described = describeCheckKinds().find((one) => one.kind === kind.kind);
    if (kind.madeWith !== undefined) return expect(described).toBeUndefined();
    expect(JSON.parse(JSON.stringify(described))).toEqual(described);
  });
});

test.each([
  [{ url: 'http://user:pass@example.com/' }, /config\.url/],
  [{ url: 'http://example.com:25/' }, /config\.url/],
  [{ url: 'http://example.com/', body_matches: '(a+)+' }, /config\.body_matches/],
  [{ url: 'http://example.com/', json: [{ path: 'a..b' }] }, /config\.json\.0\.path/],
  [{ url: 'http://example.com/', expect_status: ['600'] }, /config\.expect_status/],
  [{ url: 'http://example.com/', body: 'a\0b' }, /config/],
])('the HTTP config %j is refused by the name of its field', (config, field) => {
  expect(() => parseCheckConfig(getCheckKind('http'), config)).toThrow(field);
});
