import type { Permission } from '@watchkeeper/contracts';
import { rolePermissions } from '@watchkeeper/contracts/vocabulary';
import { describe, expect, test } from 'vitest';
import { grantableRoles, obstacleTo } from './rules';

const as = (role: keyof typeof rolePermissions) => (permission: Permission) =>
  rolePermissions[role].includes(permission);

describe('changing members', () => {
  test('nobody may give a role above their own', () => {
    expect(grantableRoles(as('owner'))).toEqual(['owner', 'admin', 'operator', 'viewer']);
    expect(grantableRoles(as('admin'))).toEqual(['admin', 'operator', 'viewer']);
  });

  test('the last owner must stay, one of two may go', () => {
    const [dana, otto] = [
      { id: '1', role: 'owner' as const, status: 'active' as const },
      { id: '2', role: 'owner' as const, status: 'active' as const },
    ];
    expect(obstacleTo(dana, [dana, { id: '3', role: 'admin', status: 'active' }], as('owner'))).toBe(
      'lastOwner',
    );
    expect(obstacleTo(dana, [dana, otto], as('owner'))).toBeUndefined();
    const asked = { ...otto, status: 'invited' as const };
    expect(obstacleTo(dana, [dana, asked], as('owner'))).toBe('lastOwner');
    expect(obstacleTo(asked, [dana, asked], as('owner'))).toBeUndefined();
  });

  test('an admin may not change owners', () => {
    const owner = { id: '1', role: 'owner' as const, status: 'active' as const };
    expect(obstacleTo(owner, [owner, { id: '2', role: 'owner', status: 'active' }], as('admin'))).toBe(
      'aboveYou',
    );
    expect(obstacleTo({ id: '3', role: 'admin', status: 'active' }, [owner], as('admin'))).toBeUndefined();
  });
});
