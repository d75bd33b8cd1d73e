import type { Role } from '@watchkeeper/contracts';
import type { Member, MemberCreated, PasswordLink } from '@watchkeeper/contracts/identity';
import { api } from '../../../api/client';
import { keys } from '../../../api/keys';
import { changeOf } from '../../../api/meanwhile';
import { answered } from '../../../api/problem';
import { useOrg } from '../../../app/session';
import { useToast } from '../../../app/toast';
import { t } from '../../../messages';
import { useWrite } from '../use-write';

export interface Invitation {
  email: string;
  role: Role;
  name?: string;
}

function invite(org: string, body: Invitation): Promise<MemberCreated> {
  return answered<MemberCreated>(api.POST('/api/v1/orgs/{org}/members', { params: { path: { org } }, body }));
}

export function useInvite() {
  const { org } = useOrg();
  return useWrite({ write: (body: Invitation) => invite(org, body), reads: ['members'] });
}

/** Shown at once; an undo puts the old role back. */
export function useChangeRole() {
  const { org } = useOrg();
  const say = useToast();
  const change = useWrite({
    shows: ({ member, role }) => [
      changeOf<{ data: Member[] }>(keys.of(org, 'members'), (list) => ({
        ...list,
        data: list.data.map((each) => (each.id === member.id ? { ...each, role } : each)),
      })),
    ],
    write: ({ member, role }: { member: Member; role: Role }) =>
      answered<Member>(
        api.PUT('/api/v1/orgs/{org}/members/{id}', {
          params: { path: { org, id: member.id } },
          body: { role },
        }),
      ),
    reads: ['members'],
    onDone: (changed, { member }) =>
      say({
        tone: 'ok',
        text: t.settings.members.roleChanged(changed.name, changed.role),
        action: {
          label: t.settings.undo,
          run: () => change.mutate({ member: changed, role: member.role }),
        },
      }),
    failed: ({ member }) => t.settings.members.roleFailed(member.name),
  });
  return change;
}

/**
 * Cannot be undone by a click: a removed person comes back only by an invitation, which they answer
 * themselves.
 */
export function useRemoveMember() {
  const { org } = useOrg();
  const say = useToast();
  return useWrite({
    write: ({ id }: Member) =>
      answered(api.DELETE('/api/v1/orgs/{org}/members/{id}', { params: { path: { org, id } } })),
    reads: ['members'],
    onDone: (_, member) => say({ tone: 'ok', text: t.settings.members.removed(member.name) }),
    failed: ({ name }) => t.settings.members.removeFailed(name),
  });
}

export function useNewLink() {
  const { org } = useOrg();
  return useWrite({
    write: ({ id }: Member) =>
      answered<PasswordLink>(
        api.POST('/api/v1/orgs/{org}/members/{id}/password-link', { params: { path: { org, id } } }),
      ),
    reads: [],
    failed: () => t.settings.members.newLinkFailed,
  });
}
