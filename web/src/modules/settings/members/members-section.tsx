import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useOrg } from '../../../app/session';
import { Loaded } from '../../../app/states';
import { t } from '../../../messages';
import { Button } from '../../../ui/button';
import { Card } from '../../../ui/card';
import { PlusIcon } from '../../../ui/icons';
import { SkeletonRows } from '../../../ui/skeleton';
import { membersQuery } from '../../identity/queries';
import { SectionHead } from '../section-head';
import { InviteDialog } from './invite-dialog';
import { MemberList } from './member-list';
import { RoleTable } from './role-table';
import { isActive } from './rules';

export function MembersSection() {
  const { org, can } = useOrg();
  const members = useQuery(membersQuery(org));
  const [inviting, setInviting] = useState(false);
  const mayWrite = can('members:write');
  return (
    <>
      <SectionHead
        section="members"
        sub={mayWrite ? undefined : t.settings.members.viewerNote}
        actions={
          mayWrite ? (
            <Button variant="primary" onClick={() => setInviting(true)}>
              <PlusIcon size={16} />
              {t.settings.members.invite}
            </Button>
          ) : undefined
        }
      >
        {members.data === undefined
          ? t.settings.sections.members.label
          : t.settings.members.sentence(members.data.data.filter(isActive).length)}
      </SectionHead>
      <div className="mt-6 grid gap-4">
        <Card className="p-4 sm:px-6">
          <Loaded query={members} loading={<SkeletonRows label={t.state.loading} />}>
            {({ data }) => <MemberList members={data} />}
          </Loaded>
        </Card>
        <RoleTable />
      </div>
      <InviteDialog open={inviting} onClose={() => setInviting(false)} />
    </>
  );
}
