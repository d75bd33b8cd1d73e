import Type from 'typebox';
import { expect, test } from 'vitest';
import { AppError } from '../errors.ts';
import { createRegistry, type Kind, type KindConfig } from './registry.ts';

const schema = Type.Object(
  {
    to: Type.Array(Type.String({ maxLength: 5 }), { title: 'To' }),
    colour: Type.Enum(['red', 'blue'], { title: 'Colour', default: 'red' }),
    limit: Type.Optional(Type.Union([Type.Integer(), Type.Boolean()], { title: 'Limit' })),
    headers: Type.Optional(Type.Record(Type.String(), Type.String({ maxLength: 5 }), { title: 'Headers' })),
  },
  { additionalProperties: false },
);

const plain: Kind = {
  kind: 'plain',
  label: 'Plain',
  help: 'A kind that only this test knows, with a field of each sort.',
  schema,
  fixture: { to: ['ops'], colour: 'red' },
  check: (config) => (config.colour === 'blue' ? [{ field: 'colour', message: 'is not the season' }] : []),
};
const kinds = createRegistry([plain]);

function refusal(config: KindConfig, registry = kinds): Pick<AppError, 'code' | 'message' | 'errors'> {
  try {
    registry.parse(plain, config);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('The config was taken.');
}

const fields = (config: KindConfig) => refusal(config).errors.map(({ field }) => field);

test('a config gets its defaults, and the given object is not changed', () => {
  const given = Object.freeze({ to: ['ops'] });
  expect(kinds.parse(plain, given)).toEqual({ to: ['ops'], colour: 'red' });
});

test('each mistake is reported once, under the name of its field', () => {
  expect(fields({ to: ['too long'], colour: 'red', limit: 'none' })).toEqual(['config.to.0', 'config.limit']);
  expect(fields({ to: [], headers: { 'a/b~c': 'too long' } })).toEqual(['config.headers.a/b~c']);
  expect(refusal({ to: [], colour: 'green' })).toMatchObject({
    code: 'validation_failed',
    message: 'config.colour: must be one of red, blue.',
  });
  expect(refusal({ colour: 'red', color: 'red' })).toMatchObject({
    code: 'unknown_field',
    errors: expect.arrayContaining([{ field: 'config.to', message: 'is required' }]),
  });
});

test('at most twenty mistakes are reported', () => {
  const many = Array.from({ length: 1_000 }, (_, index) => String(index));
  expect(fields({ to: many.map(() => 'too long') }).length).toBeLessThanOrEqual(20);
  const strict = createRegistry([plain], () => many.map((field) => ({ field, message: 'is wrong' })));
  expect(refusal({ to: [] }, strict).errors).toHaveLength(20);
});

test.each([
  ['NUL in a text', { to: ['a\0b'] }, /in to\.0/],
  ['half a character in a text', { to: ['\ud800'] }, /in to\.0/],
  ['NUL in a name', { to: [], headers: { 'a\0b': 'x' } }, /in headers\.a\?b/],
  ['half a character in a name', { to: [], headers: { '\ud800': 'x' } }, /in headers\.\ufffd/],
])('%s is refused, because the database cannot store it', (_what, config, where) => {
  expect(refusal(config).errors).toEqual([{ field: 'config', message: expect.stringMatching(where) }]);
});

test('faults found by the kind and by the registry are reported together', () => {
  const strict = createRegistry([plain], () => [
    { field: 'colour', message: 'is told by the kind already' },
    { field: 'to', message: 'is nobody' },
  ]);
  expect(refusal({ to: [], colour: 'blue' }, strict)).toMatchObject({
    code: 'validation_failed',
    message: 'config.colour: is not the season.',
    errors: [
      { field: 'config.colour', message: 'is not the season' },
      { field: 'config.to', message: 'is nobody' },
    ],
  });
});

test('a schema is read only when something is parsed or described', () => {
  let reads = 0;
  const watched: Kind = {
    ...plain,
    get schema() {
      reads += 1;
      return schema;
    },
  };
  const registry = createRegistry([watched]);
  registry.get('plain');
  expect(reads).toBe(0);
  registry.parse(watched, { to: [] });
  expect(reads).toBeGreaterThan(0);
});

test('a registry refuses two kinds of one name', () => {
  expect(() => createRegistry([plain, { ...plain }])).toThrow(/same name/);
});
