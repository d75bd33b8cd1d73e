import { queryOptions, useQuery } from '@tanstack/react-query';
import type { SessionItem } from '@watchkeeper/contracts/identity';
import { api } from '../../../api/client';
import { keys } from '../../../api/keys';
import { answered } from '../../../api/problem';
import { useMe } from '../../../app/session';
import { Loaded } from '../../../app/states';
import { t } from '../../../messages';
import { Panel } from '../../../ui/card';
import { Facts } from '../../../ui/facts';
import { Notice } from '../../../ui/notice';
import { SkeletonRows } from '../../../ui/skeleton';
import { MyInvitations } from '../../identity/my-invitations';
import { SectionHead } from '../section-head';
import { ChangePassword } from './change-password';
import { SessionsList } from './sessions-list';

export const sessionsQuery = queryOptions({
  queryKey: keys.sessions(),
  queryFn: ({ signal }) => answered<{ data: SessionItem[] }>(api.GET('/api/auth/sessions', { signal })),
});

export function SessionsSection() {
  const { user } = useMe();
  if (user !== null) return <OwnSessions user={user} />;
  return (
    <>
      <SectionHead section="sessions">{t.settings.sections.sessions.label}</SectionHead>
      <div className="mt-6">
        <Notice tone="unknown">{t.settings.sessions.keyOnly}</Notice>
      </div>
    </>
  );
}

function OwnSessions({ user }: { user: { name: string; email: string } }) {
  const sessions = useQuery(sessionsQuery);
  return (
    <>
      <SectionHead section="sessions">
        {sessions.data === undefined
          ? t.settings.sections.sessions.label
          : t.settings.sessions.sentence(sessions.data.data.length)}
      </SectionHead>
      <div className="mt-6 empty:hidden">
        <MyInvitations />
      </div>
      <div className="mt-6 grid items-start gap-4 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <Loaded query={sessions} loading={<SkeletonRows label={t.state.loading} />}>
          {({ data }) => <SessionsList sessions={data} />}
        </Loaded>
        <Panel title={t.settings.sessions.password}>
          <Facts
            facts={[
              { label: t.settings.name, value: user.name },
              { label: t.settings.email, value: user.email },
            ]}
            className="mb-5 border-b border-line pb-4"
          />
          <ChangePassword email={user.email} />
        </Panel>
      </div>
    </>
  );
}
