import { useQuery } from '@tanstack/react-query';
import type { Member } from '@watchkeeper/contracts/identity';
import { useState } from 'react';
import { usePageTitle } from '../../app/page-title';
import { useMe, useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { setPreferences, usePreferences } from '../../lib/preferences';
import { readTheme, setTheme, type Theme, themes } from '../../lib/theme';
import { t } from '../../messages';
import { Answer } from '../../ui/answer';
import { Button } from '../../ui/button';
import { Panel } from '../../ui/card';
import { type Fact, Facts } from '../../ui/facts';
import { Choice, Toggle } from '../../ui/field';
import { Day } from '../../ui/moment';
import { SkeletonRows } from '../../ui/skeleton';
import { membersQuery } from './queries';
import { useSignOut } from './session-actions';

export function SettingsPage() {
  usePageTitle(t.settings.title);
  return (
    <>
      <Answer sub={t.settings.sentence}>{t.settings.title}</Answer>
      <div className="mt-6 grid items-start gap-4 lg:grid-cols-2">
        <AccountPanel />
        <AppearancePanel />
        <OrganizationPanel />
        <MembersPanel />
      </div>
    </>
  );
}

function AccountPanel() {
  const me = useMe();
  const signOut = useSignOut();
  const facts: Fact[] = [{ label: t.settings.name, value: me.user?.name ?? me.caller.name }];
  if (me.user !== null) facts.push({ label: t.settings.email, value: me.user.email });
  return (
    <Panel title={t.settings.account}>
      <Facts facts={facts} />
      {me.provider ? <p className="mt-3 text-1 text-ink-3">{t.settings.provider}</p> : null}
      <Button busy={signOut.isPending} onClick={() => signOut.mutate()} className="mt-4">
        {t.action.signOut}
      </Button>
    </Panel>
  );
}

function AppearancePanel() {
  const [theme, choose] = useState<Theme>(readTheme);
  const { shortcuts } = usePreferences();
  return (
    <Panel title={t.settings.appearance}>
      <div className="grid gap-5">
        <Choice
          label={t.theme.label}
          options={themes.map((value) => ({ value, label: t.theme[value] }))}
          value={theme}
          onChange={(value) => {
            setTheme(value);
            choose(value);
          }}
        />
        <Toggle
          label={t.shortcuts.enabled}
          help={t.shortcuts.enabledHelp}
          checked={shortcuts}
          onChange={(checked) => setPreferences({ shortcuts: checked })}
        />
      </div>
    </Panel>
  );
}

function OrganizationPanel() {
  const { organization } = useOrg();
  const facts: Fact[] = [
    { label: t.settings.name, value: organization.name },
    { label: t.settings.slug, value: <code className="font-mono text-1">{organization.slug}</code> },
  ];
  if (organization.role !== null)
    facts.push({ label: t.settings.yourRole, value: t.role[organization.role] });
  return (
    <Panel title={t.settings.organization}>
      <Facts facts={facts} />
      <p className="mt-3 text-1 text-ink-3">{t.settings.slugHelp}</p>
    </Panel>
  );
}

function MembersPanel() {
  const { org } = useOrg();
  const members = useQuery(membersQuery(org));
  return (
    <Panel title={t.settings.members}>
      <Loaded query={members} loading={<SkeletonRows label={t.state.loading} />}>
        {({ data }) => <MemberList members={data} />}
      </Loaded>
    </Panel>
  );
}

function MemberList({ members }: { members: readonly Member[] }) {
  const me = useMe();
  return (
    <ul className="divide-y divide-line">
      {members.map((member) => (
        <li
          key={member.id}
          className="flex flex-wrap items-baseline justify-between gap-x-4 py-2.5 first:pt-0 last:pb-0"
        >
          <span className="min-w-0">
            <span className="font-medium">{member.name}</span>
            {member.id === me.user?.id ? <span className="text-ink-3"> ({t.settings.you})</span> : null}
            <span className="block text-1 text-ink-3">{member.email}</span>
          </span>
          <span className="text-right text-1 text-ink-2">
            {t.role[member.role]}
            <span className="block text-ink-3">
              <Day at={member.created_at} language={t.language} />
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}
