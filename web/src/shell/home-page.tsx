import { useEffect } from 'react';
import { lastOrg } from '../app/last-org';
import { AppLink, useGo } from '../app/link';
import { usePageTitle } from '../app/page-title';
import { useMe } from '../app/session';
import { t } from '../messages';
import { MyInvitations } from '../modules/identity/my-invitations';
import { paths } from '../paths';
import { Card } from '../ui/card';
import { Empty } from '../ui/empty';

/** Straight on to the organization this browser saw last, or the only one; otherwise a choice. */
export function HomePage() {
  const { organizations } = useMe();
  const go = useGo();
  const remembered = organizations.find((each) => each.slug === lastOrg());
  const target = remembered ?? (organizations.length === 1 ? organizations[0] : undefined);

  usePageTitle(t.organizations.title);
  useEffect(() => {
    if (target !== undefined) go(paths.overview({ org: target.slug }), { replace: true });
  }, [target, go]);

  if (target !== undefined) return null;
  return (
    <main className="mx-auto max-w-xl p-4 pt-16">
      <MyInvitations />
      {organizations.length === 0 ? (
        <Empty title={t.organizations.none}>{t.organizations.noneText}</Empty>
      ) : (
        <>
          <h1 className="mb-4 text-4 font-semibold">{t.organizations.title}</h1>
          <Card className="divide-y divide-line">
            {organizations.map((each) => (
              <AppLink
                key={each.id}
                to={paths.overview({ org: each.slug })}
                className="flex items-baseline justify-between gap-4 px-5 py-4 hover:bg-sunken"
              >
                <span className="font-medium">{each.name}</span>
                <span className="text-1 text-ink-3">{each.slug}</span>
              </AppLink>
            ))}
          </Card>
        </>
      )}
    </main>
  );
}
