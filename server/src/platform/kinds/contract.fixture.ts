import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createVault } from '../vault.ts';
import type { Kind, Registry } from './registry.ts';
import { keepSecrets, openConfig, redactConfig, sealConfig } from './secrets.ts';

const vault = createVault(Buffer.alloc(32, 7));

/**
 * The rules for every kind of every registry. The test of each registry calls this with the folder of its kinds, and
 * adds the rules for its own kinds.
 */
export function contractOf<K extends Kind>(
  registry: Registry<K>,
  folder: string,
  /** Kinds that another registry brings, so they have no file of their own. */
  { without = [] }: { without?: readonly string[] } = {},
): void {
  test('exactly the files of the folder are registered, each under the name of its file', () => {
    const names = registry.all.map(({ kind }) => kind).filter((kind) => !without.includes(kind));
    expect(names.toSorted()).toEqual(kindFiles(folder).toSorted());
  });

  test('an unknown kind is refused with the list of known ones', () => {
    expect(registry.find('no_such_kind')).toBeUndefined();
    const names = registry.all.map(({ kind }) => kind).join(', ');
    expect(() => registry.get('no_such_kind')).toThrow(
      expect.objectContaining({
        code: 'validation_failed',
        errors: [{ field: 'kind', message: `must be one of ${names}` }],
      }),
    );
  });

  describe.each(registry.all.map((kind) => [kind.kind, kind] as const))('%s', (name, kind) => {
    test('is found by its name, and has a label and a help text', () => {
      expect(registry.get(name)).toBe(kind);
      expect(kind.label).toMatch(/\S/);
      expect(kind.help.length).toBeGreaterThan(40);
    });

    test('has a schema that is closed at every level and titles its fields', () => {
      const schemas = objectSchemas(kind.schema);
      expect(schemas.length).toBeGreaterThan(0);
      for (const schema of schemas) expect(schema).toMatchObject({ additionalProperties: false });
      for (const field of Object.values(kind.schema.properties)) expect(field).toHaveProperty('title');
    });

    test('names every choice and gives every span of time its unit', () => {
      for (const [field, schema] of fieldsOf(kind.schema)) {
        if ('enum' in schema)
          expect([field, schema]).toEqual([field, expect.objectContaining({ title: expect.any(String) })]);
        const unit = /_(seconds|minutes|days|percent)$/.exec(field)?.[1];
        if (unit !== undefined) expect([field, schema.unit]).toEqual([field, units[unit]]);
      }
    });

    test('parses its fixture unchanged', () => {
      expect(registry.parse(kind, kind.fixture)).toEqual(kind.fixture);
    });

    test('refuses an unknown field and names it', () => {
      expect(() => registry.parse(kind, { ...kind.fixture, no_such_field: 1 })).toThrow(
        expect.objectContaining({
          code: 'unknown_field',
          errors: [{ field: 'config.no_such_field', message: 'is not a known field' }],
        }),
      );
    });

    test('refuses characters that the database cannot store, in every text', () => {
      for (const wrong of ['\0', '\ud800'])
        for (const config of withEachText(kind.fixture, (text) => `${text}${wrong}`))
          expect(() => registry.parse(kind, { ...config })).toThrow(
            expect.objectContaining({ code: 'validation_failed' }),
          );
    });

    test('is described to a form as plain JSON', () => {
      const described = registry.describe(kind);
      expect(JSON.parse(JSON.stringify(described))).toEqual(described);
      expect(described).toMatchObject({ kind: name, schema: { type: 'object' }, example: kind.fixture });
    });

    test('keeps its secrets out of storage, answers and the audit, and opens them again', () => {
      const secrets = kind.secrets ?? [];
      expect(Object.keys(kind.schema.properties)).toEqual(expect.arrayContaining([...secrets]));
      const config = { ...kind.fixture, ...Object.fromEntries(secrets.map((field) => [field, hidden])) };
      const stored = sealConfig(kind, config, vault);
      const shown = redactConfig(kind, config);
      expect(JSON.stringify([stored, shown])).not.toContain(hidden);
      expect(openConfig(stored, vault)).toEqual(config);
      // A change leaves them out, or sends the stars back.
      expect(keepSecrets(kind, stored.config, config)).toEqual(config);
      expect(keepSecrets(kind, shown, config)).toEqual(config);
    });
  });
}

const hidden = 'nobody may see this';
const units: Readonly<Record<string, string>> = { seconds: 's', minutes: 'min', days: 'd', percent: '%' };

function kindFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.ts') && !/\.(test|fixture)\.ts$/.test(name) && name !== 'all.ts')
    .map((name) => name.replace(/\.ts$/, '').replaceAll('-', '_'));
}

/** Every object schema inside, including the root. */
function objectSchemas(schema: unknown): object[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const own = 'properties' in schema ? [schema] : [];
  return [...own, ...Object.values(schema).flatMap(objectSchemas)];
}

/** Every field inside, with its name, including those of lists and unions. */
function fieldsOf(schema: unknown): [string, Record<string, unknown>][] {
  return objectSchemas(schema).flatMap((one) =>
    'properties' in one ? Object.entries(one.properties ?? {}) : [],
  );
}

/** For each text in a config, a copy in which only this text is changed. */
function withEachText(config: object, change: (text: string) => string): object[] {
  // Safe because only texts inside the object are changed, never the object itself.
  return textsIn(config, []).map((way) => changedAt(config, way, change) as object);
}

function textsIn(value: unknown, way: readonly string[]): (readonly string[])[] {
  if (typeof value === 'string') return [way];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => textsIn(item, [...way, key]));
}

function changedAt(value: unknown, way: readonly string[], change: (text: string) => string): unknown {
  const [key, ...rest] = way;
  if (key === undefined) return change(String(value));
  if (Array.isArray(value))
    return value.map((item, index) => (String(index) === key ? changedAt(item, rest, change) : item));
  return Object.fromEntries(
    Object.entries(value ?? {}).map(([name, item]) => [
      name,
      name === key ? changedAt(item, rest, change) : item,
    ]),
  );
}
