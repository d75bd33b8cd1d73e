import { describe, expect, test } from 'vitest';
import { rooms as en } from '../messages/en/rooms';
import { type Draft, draftOf, readDraft } from './schema-draft';
import { fieldsOfSchema, leavesOf } from './schema-fields';
import { readTimeText, timeText } from './time-text';

const schema = {
  type: 'object',
  required: ['metric', 'condition', 'window_minutes', 'to', 'url'],
  properties: {
    metric: { type: 'string', minLength: 1, title: 'Metric', examples: ['cpu_usage', 'disk_usage'] },
    condition: {
      type: 'object',
      title: 'Condition',
      required: ['operator', 'threshold'],
      properties: {
        operator: { enum: ['>', '<'], labels: { '>': 'above' }, title: 'Is' },
        threshold: {
          anyOf: [{ type: 'number', maximum: 100 }, { type: 'null' }],
          title: 'Threshold',
          unit: '%',
        },
      },
    },
    window_minutes: { type: 'integer', minimum: 1, maximum: 1440, default: 60, unit: 'min', title: 'Within' },
    to: {
      type: 'array',
      minItems: 1,
      maxItems: 2,
      items: { type: 'string', pattern: '^\\S+@\\S+$', patternHelp: 'Write an address.' },
    },
    url: { type: 'string', pattern: '^https?://' },
    secret: { type: 'string', minLength: 16 },
    loud: { type: 'boolean', default: true },
  },
};
const fields = fieldsOfSchema(schema);
const words = en.schemaForm;
const good = {
  metric: 'cpu_usage',
  condition: { operator: '>', threshold: 90 },
  window_minutes: 90,
  to: ['a@x.test'],
  url: 'https://x.test',
  loud: false,
};
const read = (change: Draft, options = {}) =>
  readDraft(fields, { ...draftOf(fields, good, options), ...change }, words, options);

describe('a form from a schema', () => {
  test('has every field, with its title, choices and whether it may stay empty', () => {
    expect(leavesOf(fields).map((field) => [field.path, field.title, field.required])).toEqual([
      ['metric', 'Metric', true],
      ['condition.operator', 'Is', true],
      ['condition.threshold', 'Threshold', false],
      ['window_minutes', 'Within', false],
      ['to', 'to', true],
      ['url', 'url', true],
      ['secret', 'secret', false],
      ['loud', 'loud', false],
    ]);
    expect(leavesOf(fields)[1]?.shape).toEqual({
      type: 'choice',
      options: [
        { value: '>', label: 'above' },
        { value: '<', label: '<' },
      ],
    });
  });

  test('returns the given values unchanged', () => {
    expect(read({})).toEqual({ config: good, errors: {} });
  });

  test('starts with the defaults, and leaves empty fields to the server', () => {
    expect(draftOf(fields, {})).toMatchObject({ window_minutes: '1h', loud: true, metric: '' });
    expect(read({ window_minutes: '', 'condition.threshold': '' }).config).toMatchObject({
      condition: { operator: '>', threshold: null },
    });
    expect(read({ window_minutes: '' }).config).not.toHaveProperty('window_minutes');
  });

  test.each<[string, Draft, string, string]>([
    ['a required field left empty', { metric: ' ' }, 'metric', words.required],
    ['a choice that was not made', { 'condition.operator': '' }, 'condition.operator', words.choose],
    ['an invalid number', { 'condition.threshold': 'many' }, 'condition.threshold', words.number],
    [
      'a number beyond its limit',
      { 'condition.threshold': '101' },
      'condition.threshold',
      words.max('100 %'),
    ],
    ['an invalid time', { window_minutes: 'soon' }, 'window_minutes', words.time],
    ['a time beyond its limit', { window_minutes: '2d' }, 'window_minutes', words.max('1d')],
    [
      'half a minute where only whole ones are allowed',
      { window_minutes: '30s' },
      'window_minutes',
      words.whole,
    ],
    ['a text of the wrong form', { url: 'x.test' }, 'url', words.invalid],
    [
      'one wrong line of several',
      { to: 'a@x.test\nnobody' },
      'to',
      words.item('nobody', 'Write an address.'),
    ],
    ['too many lines', { to: 'a@x.test\nb@x.test\nc@x.test' }, 'to', words.itemsMax(2)],
    ['no line at all', { to: '' }, 'to', words.required],
    ['a secret that is too short', { secret: 'short' }, 'secret', words.lengthMin(16)],
  ])('shows the fault at the field: %s', (_case, change, field, message) => {
    expect(read(change).errors).toEqual({ [field]: message });
  });

  test('never shows a secret, and keeps it when it is left empty', () => {
    const options = { secrets: ['url'], kept: ['url'] };
    expect(draftOf(fields, { ...good, url: '***' }, options)).toMatchObject({ url: '' });
    expect(read({}, options)).toMatchObject({ errors: {} });
    expect(read({}, options).config).not.toHaveProperty('url');
    expect(read({ url: 'https://new.test' }, options).config).toMatchObject({ url: 'https://new.test' });
  });

  test('leaves out a secret that the server makes', () => {
    expect(
      readDraft(fields, draftOf(fields, { ...good, url: '' }), words, { generated: ['url'] }).errors,
    ).toEqual({});
  });
});

test.each([
  [120, 's', '2m'],
  [90, 's', '90s'],
  [0.5, 's', '0.5s'],
  [60, 'min', '1h'],
  [7, 'd', '7d'],
  [0, 'min', '0m'],
])('%s %s is typed as %s, and read back', (value, unit, text) => {
  expect(timeText(value, unit)).toBe(text);
  expect(readTimeText(text, unit)).toBe(value);
});

test('a number without a unit has the unit of its field', () => {
  expect(readTimeText('90', 's')).toBe(90);
  expect(readTimeText('1,5 h', 'min')).toBe(90);
  expect(readTimeText('5 parsecs', 's')).toBeUndefined();
});

describe('fields with names and values, and repeated fields', () => {
  const many = fieldsOfSchema({
    type: 'object',
    properties: {
      headers: {
        type: 'object',
        title: 'Headers',
        maxProperties: 2,
        patternProperties: { '^[A-Za-z-]+$': { type: 'string', maxLength: 20 } },
      },
      json: {
        type: 'array',
        title: 'JSON',
        items: {
          type: 'object',
          required: ['path'],
          properties: {
            path: { type: 'string', title: 'Path' },
            equals: { title: 'Equals', anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }] },
          },
        },
      },
      body: { type: 'string', maxLength: 65_536, advanced: true },
    },
  });
  const config = {
    headers: { Accept: 'text/html', 'X-At': '10:30' },
    json: [
      { path: '$.status', equals: 'ok' },
      { path: '$.n', equals: 5 },
      { path: '$.id', equals: '5' },
    ],
  };
  const readMany = (change: Draft) => readDraft(many, { ...draftOf(many, config), ...change }, words);

  test('are shown as typed, and are read back unchanged', () => {
    const draft = draftOf(many, config);
    expect(draft.headers).toBe('Accept: text/html\nX-At: 10:30');
    expect(draft.json).toEqual([
      { path: '$.status', equals: 'ok' },
      { path: '$.n', equals: '5' },
      { path: '$.id', equals: '"5"' },
    ]);
    expect(readMany({})).toEqual({ config, errors: {} });
    expect(many.map((field) => [field.name, field.advanced])).toEqual([
      ['headers', false],
      ['json', false],
      ['body', true],
    ]);
  });

  test('are left out when they are empty, and show which line is wrong', () => {
    expect(readMany({ headers: ' \n', json: [{ path: ' ' }] })).toEqual({ config: {}, errors: {} });
    expect(readMany({ headers: 'Accept text' }).errors).toEqual({
      headers: words.item('Accept text', words.pair),
    });
    expect(readMany({ headers: 'A: 1\nB: 2\nC: 3' }).errors).toEqual({ headers: words.itemsMax(2) });
    expect(readMany({ json: [{ path: '', equals: 'true' }] }).errors).toEqual({
      json: `Path: ${words.required}`,
    });
    expect(readMany({ json: [{ path: '$.up', equals: 'true' }] }).config.json).toEqual([
      { path: '$.up', equals: true },
    ]);
  });
});
