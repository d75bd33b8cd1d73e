import { useQuery } from '@tanstack/react-query';
import { messageOf } from '../../api/problem';
import { formatExact } from '../../lib/time';
import { t } from '../../messages';
import { Button } from '../../ui/button';
import { Panel } from '../../ui/card';
import { Notice } from '../../ui/notice';
import { myInvitationsQuery, useDecline } from './invitations';

/** Open invitations of this person; empty without any. */
export function MyInvitations() {
  const invitations = useQuery(myInvitationsQuery);
  const decline = useDecline(() => undefined);
  const open = invitations.data?.data ?? [];
  if (open.length === 0) return null;
  return (
    <Panel title={t.invitation.listTitle}>
      <p className="text-1 text-ink-2">{t.invitation.listText}</p>
      <ul className="mt-3 divide-y divide-line">
        {open.map(({ id, organization, role, invited_by: by, expires_at: until }) => (
          <li key={id} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-2.5">
            <span className="min-w-0">
              <span className="font-medium">{organization.name}</span>
              <span className="block text-1 text-ink-3">
                {t.invitation.asked(by, t.role[role], formatExact(Date.parse(until), t.language))}
              </span>
            </span>
            <Button
              variant="quiet"
              busy={decline.isPending && decline.variables.id === id}
              onClick={() => decline.mutate({ id, organization: organization.name })}
            >
              {t.invitation.decline}
            </Button>
          </li>
        ))}
      </ul>
      {decline.error === null ? null : (
        <Notice tone="attention" role="alert" className="mt-3">
          {messageOf(decline.error)}
        </Notice>
      )}
    </Panel>
  );
}
