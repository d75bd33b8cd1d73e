import { useQuery } from '@tanstack/react-query';
import type { Overview } from '@watchkeeper/contracts/alerting';
import type { DeviceState } from '@watchkeeper/contracts/telemetry';
import { AppLink } from '../../app/link';
import { useOrg } from '../../app/session';
import { t } from '../../messages';
import { paths } from '../../paths';
import { asideLinkClass } from '../../ui/button';
import { Section } from '../../ui/card';
import { statesMax, statesQuery } from '../telemetry/queries';
import { SiteTile } from './site-tile';
import { tileOrder } from './tile-order';

export function SiteTiles({ overview }: { overview: Overview }) {
  const { org } = useOrg();
  const listed = overview.devices.total <= statesMax;
  const states = useQuery({ ...statesQuery(org), enabled: listed && overview.devices.total > 0 });
  const bySite = listed && states.data !== undefined ? groupBySite(states.data.data) : undefined;

  return (
    <Section
      title={t.overview.sites}
      aside={
        <AppLink to={paths.sites({ org })} className={asideLinkClass}>
          {t.overview.allSites}
        </AppLink>
      }
    >
      <div className="grid grid-cols-[repeat(auto-fill,minmax(min(330px,100%),1fr))] gap-4">
        {overview.sites.toSorted(tileOrder).map((site) => (
          <SiteTile key={site.id} org={org} site={site} devices={bySite?.get(site.id)} />
        ))}
      </div>
    </Section>
  );
}

/** By name within a site: a cell stays where it is when its state changes. */
function groupBySite(states: readonly DeviceState[]): Map<string, DeviceState[]> {
  const groups = Map.groupBy(states, (state) => state.site.id);
  const collator = new Intl.Collator(t.language, { numeric: true });
  for (const group of groups.values()) group.sort((a, b) => collator.compare(a.name, b.name));
  return groups;
}
