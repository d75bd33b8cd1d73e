import { AppLink } from '../../app/link';
import { useOrg } from '../../app/session';
import { t } from '../../messages';
import { paths } from '../../paths';
import { organizationSections, ownSections, type Section } from './sections';

/** Beside the section on a desk; on a phone the list of sections is a page of its own. */
export function SettingsNav({ current }: { current: Section }) {
  return (
    <nav aria-label={t.settings.nav} className="sticky top-8 hidden lg:block">
      <NavGroup title={t.settings.ours} sections={organizationSections} current={current} />
      <NavGroup title={t.settings.yours} sections={ownSections} current={current} />
    </nav>
  );
}

interface NavGroupProps {
  title: string;
  sections: readonly Section[];
  current: Section;
}

function NavGroup({ title, sections, current }: NavGroupProps) {
  const { org } = useOrg();
  return (
    <div className="mb-6">
      <p className="mb-1 px-2 text-0 text-ink-3">{title}</p>
      <ul className="grid gap-0.5">
        {sections.map((section) => (
          <li key={section}>
            <AppLink
              to={paths.settingsSection({ org, section })}
              aria-current={section === current ? 'page' : undefined}
              className="block rounded-1 px-2 py-1.5 text-1 text-ink-2 hover:bg-sunken hover:text-ink aria-[current]:bg-sunken aria-[current]:font-semibold aria-[current]:text-ink"
            >
              {t.settings.sections[section].label}
            </AppLink>
          </li>
        ))}
      </ul>
    </div>
  );
}
