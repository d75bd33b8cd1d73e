import { expect, test } from 'vitest';
import { withSnakeCase } from './spelling.ts';

test.each<[string, unknown, unknown]>([
  ['camelCase', { metricType: 'SYSTEM', value: 1 }, { metric_type: 'SYSTEM', value: 1 }],
  ['snake_case', { metric_type: 'SYSTEM' }, { metric_type: 'SYSTEM' }],
  ['both', { metricType: 'A', metric_type: 'B' }, { metricType: 'A', metric_type: 'B' }],
  ['what is inside', { tags: { myTag: 'x' }, metricName: 'n' }, { tags: { myTag: 'x' }, metric_name: 'n' }],
  ['names that are no camelCase', { 'X-Header': 1, CPU: 2 }, { 'X-Header': 1, CPU: 2 }],
  ['a list', ['metricType'], ['metricType']],
  ['null', null, null],
])('%s', (_name, given, wanted) => {
  expect(withSnakeCase(given)).toEqual(wanted);
});
