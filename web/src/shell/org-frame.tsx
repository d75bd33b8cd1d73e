import { type ReactNode, useEffect } from 'react';
import { rememberOrg } from '../app/last-org';
import { LiveProvider } from '../app/live';
import { OrgProvider, useMe } from '../app/session';
import { MissingPage } from '../app/states';
import { Shell } from './shell';

export function OrgFrame({ slug, children }: { slug: string; children: ReactNode }) {
  const { organizations } = useMe();
  const organization = organizations.find((each) => each.slug === slug || each.id === slug);
  const known = organization?.slug;
  useEffect(() => {
    if (known !== undefined) rememberOrg(known);
  }, [known]);

  if (organization === undefined) {
    return (
      <main className="p-4 sm:p-8">
        <MissingPage />
      </main>
    );
  }
  return (
    <OrgProvider organization={organization}>
      <LiveProvider key={organization.slug} org={organization.slug}>
        <Shell>{children}</Shell>
      </LiveProvider>
    </OrgProvider>
  );
}
