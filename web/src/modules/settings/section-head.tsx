import type { ReactNode } from 'react';
import { AppLink } from '../../app/link';
import { usePageTitle } from '../../app/page-title';
import { useOrg } from '../../app/session';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Answer } from '../../ui/answer';
import type { Section } from './sections';

interface SectionHeadProps {
  section: Section;
  children: ReactNode;
  sub?: ReactNode;
  actions?: ReactNode;
}

/** The head of a section: the way back to the list, and the one sentence. */
export function SectionHead({ section, children, sub, actions }: SectionHeadProps) {
  const { org } = useOrg();
  const { label } = t.settings.sections[section];
  usePageTitle(label);
  return (
    <Answer
      crumb={
        <>
          <AppLink to={paths.settings({ org })} className="hover:underline">
            {t.settings.title}
          </AppLink>
          <span aria-hidden="true"> / </span>
          {label}
        </>
      }
      sub={sub}
      actions={actions}
    >
      {children}
    </Answer>
  );
}
