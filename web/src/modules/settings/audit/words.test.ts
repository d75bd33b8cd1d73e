import { describe, expect, test } from 'vitest';
import { actionWords, fieldChanges } from './words';

describe('the words of an entry of the audit log', () => {
  test('name known acts in words, and others by their identifier', () => {
    expect(actionWords('member.role_changed')).toBe('changed a role');
    expect(actionWords('widget.turned_round')).toBe('widget turned round');
  });

  test('show the old and the new value of a field, and leave out unchanged ones', () => {
    expect(
      fieldChanges(
        { role: 'viewer', name: 'Vera', tags: ['a'] },
        { role: 'admin', name: 'Vera', tags: ['a', 'b'] },
      ),
    ).toEqual([
      { field: 'role', was: 'viewer', is: 'admin' },
      { field: 'tags', was: 'a', is: 'a, b' },
    ]);
  });

  test('also cover an entry that makes or deletes something', () => {
    expect(fieldChanges(null, { role: 'viewer', enabled: true })).toEqual([
      { field: 'role', was: undefined, is: 'viewer' },
      { field: 'enabled', was: undefined, is: 'yes' },
    ]);
    expect(fieldChanges({ hours: { open: '9' } }, null)).toEqual([
      { field: 'hours', was: '{"open":"9"}', is: undefined },
    ]);
  });
});
