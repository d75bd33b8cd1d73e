import type { SourceObject } from '@watchkeeper/contracts/sources';
import { expect, test } from 'vitest';
import { groupObjects, type ObjectGroups } from './group-objects';

const object = (name: string, change: Partial<SourceObject> = {}): SourceObject => ({
  ...{ ref: name, name, hostname: null, macs: [], state: 'online', since: null },
  ...{ observed_at: '2026-03-02T12:00:00Z', fresh: true, details: {}, linked: [], suggestion: null },
  ...change,
});
const objects = [
  object('Bay 10', { suggestion: { device: 'bay-10', by: 'name' } }),
  object('Guest phone'),
  object('Till', { linked: [{ device: 'till', check: 'till.rmm' }] }),
  object('Bay 2', { suggestion: { device: 'bay-2', by: 'mac' } }),
];
const names = (groups: ObjectGroups) =>
  [groups.suggested, groups.open, groups.linked].map((group) => group.map(({ name }) => name));

test('objects are grouped by the next action, then in natural order of name', () => {
  expect(names(groupObjects(objects, 'all', new Set()))).toEqual([
    ['Bay 2', 'Bay 10'],
    ['Guest phone'],
    ['Till'],
  ]);
  expect(names(groupObjects(objects, 'open', new Set()))).toEqual([['Bay 2', 'Bay 10'], ['Guest phone'], []]);
  expect(names(groupObjects(objects, 'linked', new Set()))).toEqual([[], [], ['Till']]);
});

test('a link that is being removed is shown as removed', () => {
  expect(names(groupObjects(objects, 'all', new Set(['till.rmm'])))).toEqual([
    ['Bay 2', 'Bay 10'],
    ['Guest phone', 'Till'],
    [],
  ]);
});
