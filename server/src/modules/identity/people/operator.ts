import type { Person } from '#platform/privacy';
import type { AuditScope } from '../audit/audit.ts';

/** About the installation: a person may belong to several organizations, or to none. */
export const operatorScope: AuditScope = {
  organizationId: null,
  caller: { kind: 'system', id: 'person', name: 'The operator, at the command line' },
  requestId: 'person',
};

/** How the audit names the person: by the account, else by the address. */
export function targetOf({ email, ids }: Person) {
  return { kind: 'person', id: ids[0] ?? email, name: email };
}
