import { AppLink } from '../../app/link';
import { usePageTitle } from '../../app/page-title';
import { useMe, useOrg } from '../../app/session';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Answer } from '../../ui/answer';
import { Button } from '../../ui/button';
import { Section } from '../../ui/card';
import { useSignOut } from '../identity/session-actions';
import { organizationSections, ownSections, type Section as SectionName } from './sections';

/** Everything there is to set, by what it is about; on a phone the way into each section. */
export function SettingsPage() {
  usePageTitle(t.settings.title);
  const me = useMe();
  const { organization } = useOrg();
  const signOut = useSignOut();
  return (
    <div className="max-w-3xl">
      <Answer
        sub={
          <>
            {me.user?.email ?? me.caller.name}
            {organization.role === null ? null : <span>{t.role[organization.role]}</span>}
            {me.provider ? <span>{t.settings.provider}</span> : null}
          </>
        }
        actions={
          <Button busy={signOut.isPending} onClick={() => signOut.mutate()}>
            {t.action.signOut}
          </Button>
        }
      >
        {t.settings.title}
      </Answer>
      <Section title={organization.name}>
        <SectionLinks sections={organizationSections} />
      </Section>
      <Section title={t.settings.yours}>
        <SectionLinks sections={ownSections} />
      </Section>
    </div>
  );
}

function SectionLinks({ sections }: { sections: readonly SectionName[] }) {
  const { org } = useOrg();
  return (
    <ul className="divide-y divide-line overflow-hidden rounded-3 border border-line bg-surface shadow-card">
      {sections.map((section) => (
        <li key={section}>
          <AppLink
            to={paths.settingsSection({ org, section })}
            className="flex min-h-14 flex-col justify-center gap-x-6 gap-y-0.5 px-4 py-3 -outline-offset-2 hover:bg-sunken sm:flex-row sm:items-center sm:justify-start sm:px-6"
          >
            <span className="font-medium sm:w-48">{t.settings.sections[section].label}</span>
            <span className="min-w-0 text-1 sm:flex-1 text-ink-3">{t.settings.sections[section].about}</span>
          </AppLink>
        </li>
      ))}
    </ul>
  );
}
