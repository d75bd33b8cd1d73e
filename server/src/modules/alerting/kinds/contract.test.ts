import { readdirSync } from 'node:fs';
import { subjectKinds } from '@watchkeeper/contracts';
import { describe, expect, test } from 'vitest';
import type { EnvironmentLimits } from '../kind.ts';
import { describeKinds, findKind, parseConfig, requireKind, ruleKinds } from '../registry.ts';

const limits: EnvironmentLimits = { offlineSeconds: 120, thresholds: { sync_lag_sec: 90 } };

function kindFiles(): string[] {
  return readdirSync(import.meta.dirname)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'all.ts')
    .map((name) => name.replace(/\.ts$/, '').replaceAll('-', '_'));
}

/** Every object schema within, the root included. */
function objectSchemas(schema: unknown): object[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const own = 'properties' in schema ? [schema] : [];
  return [...own, ...Object.values(schema).flatMap(objectSchemas)];
}

function fieldsOf(schema: object): [string, Record<string, unknown>][] {
  const properties = 'properties' in schema ? Object.entries(schema.properties ?? {}) : [];
  return properties.flatMap(([name, field]) => [[name, field], ...fieldsOf(field)]);
}

test('every file in kinds/ is registered under the name of its file, and nothing else is', () => {
  expect(ruleKinds.map((kind) => kind.kind).sort()).toEqual(kindFiles().sort());
});

describe.each(ruleKinds)('$kind', (kind) => {
  test('has a label, a help text and subjects we know', () => {
    expect(kind.label).toMatch(/\S/);
    expect(kind.help.length).toBeGreaterThan(40);
    expect(kind.subjects.length).toBeGreaterThan(0);
    for (const subject of kind.subjects) expect(subjectKinds).toContain(subject);
  });

  test('has a closed config schema whose fields are titled', () => {
    const schemas = objectSchemas(kind.schema);
    expect(schemas.length).toBeGreaterThan(0);
    for (const schema of schemas) expect(schema).toMatchObject({ additionalProperties: false });
    for (const field of Object.values(kind.schema.properties)) expect(field).toHaveProperty('title');
  });

  test('says what its number is, for charts', () => {
    const { label, limit } = kind.signal(kind.fixture, limits);
    expect(label).toMatch(/^[A-Z]/);
    expect(limit === null || Number.isFinite(limit)).toBe(true);
  });

  test('names every choice and gives every span of time its unit', () => {
    for (const [name, field] of fieldsOf(kind.schema)) {
      if ('enum' in field)
        expect([name, field]).toEqual([name, expect.objectContaining({ title: expect.any(String) })]);
      const unit = /_(seconds|minutes|days|percent)$/.exec(name)?.[1];
      if (unit === undefined) continue;
      expect([name, field.unit]).toEqual([
        name,
        { seconds: 's', minutes: 'min', days: 'd', percent: '%' }[unit],
      ]);
    }
  });

  test('parses its fixture unchanged', () => {
    expect(parseConfig(kind, kind.fixture)).toEqual(kind.fixture);
  });

  test('refuses a field it does not know and names it', () => {
    expect(() => parseConfig(kind, { ...kind.fixture, no_such_field: 1 })).toThrow(/config\.no_such_field/);
  });

  test('describes its condition in words', () => {
    expect(kind.describe(kind.fixture, limits)).toMatch(/\d/);
  });

  test('can be described to a form as plain JSON', () => {
    const described = describeKinds().find((one) => one.kind === kind.kind);
    expect(JSON.parse(JSON.stringify(described))).toEqual(described);
    expect(described?.schema).toMatchObject({ type: 'object' });
  });

  test('takes part in the scan of devices exactly if heartbeats wake it', () => {
    expect(kind.scan !== undefined).toBe(kind.wakesOn === 'heartbeats');
  });
});

test('an unknown kind is refused with the list of those there are', () => {
  expect(findKind('burn_rate')).toBeUndefined();
  expect(() => requireKind('burn_rate')).toThrow(/absence/);
});

test('a config with several mistakes names each field once', () => {
  const kind = requireKind('threshold');
  const wrong = { metric: '', condition: { operator: '=>', threshold: 'ninety', duration: -1, unit: 's' } };
  const fields = () => {
    try {
      parseConfig(kind, wrong);
      return [];
    } catch (error) {
      return error instanceof Error && 'errors' in error && Array.isArray(error.errors)
        ? error.errors.map((one) => one.field)
        : [];
    }
  };
  expect(fields().sort()).toEqual([
    'config.condition.duration',
    'config.condition.operator',
    'config.condition.threshold',
    'config.condition.unit',
    'config.metric',
  ]);
});

test('a threshold left open needs a metric that the environment has a limit for', () => {
  const kind = requireKind('threshold');
  const open = (metric: string) => ({ metric, condition: { operator: '>', threshold: null } });
  expect(parseConfig(kind, open('sync_lag_sec'))).toEqual({
    metric: 'sync_lag_sec',
    condition: { operator: '>', threshold: null, duration: 0 },
  });
  expect(() => parseConfig(kind, open('ball_count'))).toThrow(/config\.condition\.threshold/);
});
