import type { Member, PasswordLink } from '@watchkeeper/contracts/identity';
import { useState } from 'react';
import { useMe, useOrg } from '../../../app/session';
import { formatDate } from '../../../lib/time';
import { t } from '../../../messages';
import { Button } from '../../../ui/button';
import { Dialog } from '../../../ui/dialog';
import { MoreIcon } from '../../../ui/icons';
import { Menu, MenuItem } from '../../../ui/menu';
import { ConfirmDialog } from '../confirm-dialog';
import { useChangeRole, useNewLink, useRemoveMember } from './actions';
import { RoleSelect } from './invite-dialog';
import { PasswordLinkNote } from './password-link-note';
import { grantableRoles, isActive, obstacleTo } from './rules';

export function MemberList({ members }: { members: readonly Member[] }) {
  const me = useMe();
  const [leaving, setLeaving] = useState<Member>();
  const [link, setLink] = useState<{ member: Member; link: PasswordLink }>();
  const remove = useRemoveMember();
  const newLink = useNewLink();
  if (members.length === 0) return <p className="text-ink-2">{t.settings.members.noneText}</p>;
  return (
    <>
      <ul className="divide-y divide-line">
        {members.map((member) => (
          <MemberRow
            key={member.id}
            member={member}
            members={members}
            onRemove={() => setLeaving(member)}
            onNewLink={() => newLink.mutate(member, { onSuccess: (made) => setLink({ member, link: made }) })}
          />
        ))}
      </ul>
      <ConfirmDialog
        title={leaving && removeTitle(leaving)}
        confirm={leaving && !isActive(leaving) ? t.settings.members.withdraw : t.settings.remove}
        busy={remove.isPending}
        onClose={() => setLeaving(undefined)}
        onConfirm={() => leaving && remove.mutate(leaving, { onSettled: () => setLeaving(undefined) })}
      >
        <p>
          {leaving && !isActive(leaving) ? t.settings.members.withdrawText : t.settings.members.removeText}
        </p>
        {leaving?.id === me.user?.id ? (
          <p className="mt-2 font-medium text-ink">{t.settings.members.removeYourself}</p>
        ) : null}
      </ConfirmDialog>
      <Dialog
        open={link !== undefined}
        onClose={() => setLink(undefined)}
        title={t.settings.members.linkTitle}
        closeLabel={t.action.close}
      >
        {link === undefined ? null : (
          <PasswordLinkNote
            link={link.link}
            newcomer={isActive(link.member)}
            onDone={() => setLink(undefined)}
          />
        )}
      </Dialog>
    </>
  );
}

function removeTitle(member: Member): string {
  const words = t.settings.members;
  return isActive(member) ? words.removeTitle(member.name) : words.withdrawTitle(member.name);
}

function standingOf({ created_at: since, invited_until: until }: Member): string {
  return until === null
    ? t.settings.members.since(formatDate(Date.parse(since), t.language))
    : t.settings.members.invitedUntil(formatDate(Date.parse(until), t.language));
}

interface MemberRowProps {
  member: Member;
  members: readonly Member[];
  onRemove: () => void;
  onNewLink: () => void;
}

function MemberRow({ member, members, onRemove, onNewLink }: MemberRowProps) {
  const me = useMe();
  const { can } = useOrg();
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-2.5 first:pt-0 last:pb-0">
      <span className="min-w-0 flex-1 basis-52">
        <span className="font-medium">{member.name}</span>
        {member.id === me.user?.id ? <span className="text-ink-3"> ({t.settings.you})</span> : null}
        <span className="block text-1 text-ink-3">
          {member.email} · {standingOf(member)}
        </span>
      </span>
      {can('members:write') ? (
        <MemberControls member={member} members={members} onRemove={onRemove} onNewLink={onNewLink} />
      ) : (
        <span className="text-1 text-ink-2">{t.role[member.role]}</span>
      )}
    </li>
  );
}

function MemberControls({ member, members, onRemove, onNewLink }: MemberRowProps) {
  const me = useMe();
  const { can } = useOrg();
  const change = useChangeRole();
  const obstacle = obstacleTo(member, members, can);
  if (obstacle !== undefined) {
    return (
      <span className="max-w-64 text-right text-1 text-ink-2 max-sm:text-left">
        {t.role[member.role]}
        <span className="block text-ink-3">{t.settings.members[obstacle]}</span>
      </span>
    );
  }
  return (
    <span className="flex items-center gap-2">
      <RoleSelect
        hideLabel
        label={t.settings.members.roleOf(member.name)}
        roles={grantableRoles(can)}
        value={member.role}
        onChange={(role) => change.mutate({ member, role })}
      />
      {member.id === me.user?.id ? (
        <Button variant="quiet" onClick={onRemove}>
          {t.settings.remove}
        </Button>
      ) : (
        <span className="relative">
          <Menu
            label={t.settings.members.actionsFor(member.name)}
            triggerClassName="grid size-10 place-items-center rounded-2 text-ink-2 hover:bg-sunken max-sm:size-11"
            trigger={<MoreIcon />}
          >
            <MenuItem onSelect={onNewLink}>
              {isActive(member) ? t.settings.members.newLink : t.settings.members.newInvitation}
            </MenuItem>
            <MenuItem onSelect={onRemove}>
              {isActive(member) ? t.settings.remove : t.settings.members.withdraw}
            </MenuItem>
          </Menu>
        </span>
      )}
    </span>
  );
}
