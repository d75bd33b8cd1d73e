import { describe, expect, test } from 'vitest';
import { actionWords, fieldChanges } from './words';

describe('what an entry of the audit log says', () => {
  test('has words for known acts and reads the name of others', () => {
    expect(actionWords('member.role_changed')).toBe('changed a role');
    expect(actionWords('widget.turned_round')).toBe('widget turned round');
  });

  test('shows what a field was and became, and leaves out what stayed', () => {
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

  test('knows beginnings and ends', () => {
    expect(fieldChanges(null, { role: 'viewer', enabled: true })).toEqual([
      { field: 'role', was: undefined, is: 'viewer' },
      { field: 'enabled', was: undefined, is: 'yes' },
    ]);
    expect(fieldChanges({ hours: { open: '9' } }, null)).toEqual([
      { field: 'hours', was: '{"open":"9"}', is: undefined },
    ]);
  });
});
