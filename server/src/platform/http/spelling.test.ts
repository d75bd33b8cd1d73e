import { expect, test } from 'vitest';
import { acceptAnyCase, acceptNames, withSnakeCase } from './spelling.ts';

test.each<[string, unknown, unknown]>([
  ['camelCase', { metricType: 'SYSTEM', value: 1 }, { metric_type: 'SYSTEM', value: 1 }],
  ['snake_case', { metric_type: 'SYSTEM' }, { metric_type: 'SYSTEM' }],
  ['both', { metricType: 'A', metric_type: 'B' }, { metricType: 'A', metric_type: 'B' }],
  [
    'nested names stay',
    { tags: { myTag: 'x' }, metricName: 'n' },
    { tags: { myTag: 'x' }, metric_name: 'n' },
  ],
  ['names that are not camelCase stay', { 'X-Header': 1, CPU: 2 }, { 'X-Header': 1, CPU: 2 }],
  ['a list', ['metricType'], ['metricType']],
  ['null', null, null],
])('%s', (_name, given, wanted) => {
  expect(withSnakeCase(given)).toEqual(wanted);
});

test('a body of more fields than any has stays as it is', () => {
  const many = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`someName${n}`, n]));
  expect(withSnakeCase(many)).toBe(many);
});

type Hook = ReturnType<typeof acceptNames>;
async function after(hook: Hook, body: unknown): Promise<unknown> {
  // Safe because the hooks read only the body.
  const request = { body } as Parameters<Hook>[0];
  await hook(request);
  return request.body;
}

test.each<[string, unknown, unknown]>([
  ['the other name', { resolution: 'x', n: 1 }, { reason: 'x', n: 1 }],
  ['our own', { reason: 'x' }, { reason: 'x' }],
  ['both, which is refused later', { reason: 'x', resolution: 'y' }, { reason: 'x', resolution: 'y' }],
  ['names of every object', { constructor: 1 }, { constructor: 1 }],
  ['a list', [{ resolution: 'x' }], [{ resolution: 'x' }]],
  ['nothing', undefined, undefined],
])('another name of a field: %s', async (_name, given, wanted) => {
  expect(await after(acceptNames({ resolution: 'reason' }), given)).toEqual(wanted);
});

test('words in any case', async () => {
  const hook = acceptAnyCase(['severity', 'type']);
  expect(await after(hook, { severity: 'HIGH', type: 7, title: 'As It Is' })).toEqual({
    ...{ severity: 'high', type: 7, title: 'As It Is' },
  });
});
