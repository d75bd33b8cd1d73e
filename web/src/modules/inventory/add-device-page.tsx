import { useQuery } from '@tanstack/react-query';
import type { Site } from '@watchkeeper/contracts/inventory';
import { useState } from 'react';
import { sitesQuery } from '../../api/queries/inventory';
import { AppLink } from '../../app/link';
import { NoPermission } from '../../app/no-permission';
import { usePageTitle } from '../../app/page-title';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Answer } from '../../ui/answer';
import { buttonClass } from '../../ui/button';
import { Empty } from '../../ui/empty';
import { AddDeviceForm } from './add-device-form';
import type { CreatedDevice } from './created-device';
import { DeviceAdded } from './device-added';

export function AddDevicePage({ site }: { site: string | undefined }) {
  usePageTitle(t.device.addTitle);
  const { org, can } = useOrg();
  const sites = useQuery(sitesQuery(org));
  // Kept on this page alone: the token is never written anywhere else.
  const [created, setCreated] = useState<CreatedDevice>();

  if (created !== undefined) return <DeviceAdded device={created} onAnother={() => setCreated(undefined)} />;
  return (
    <div className="max-w-xl">
      <Answer
        crumb={
          <AppLink
            to={site === undefined ? paths.sites({ org }) : paths.site({ org, site })}
            className="hover:underline"
          >
            {sites.data?.data.find((each) => each.slug === site)?.name ?? t.nav.sites}
          </AppLink>
        }
        sub={t.device.addLead}
      >
        {t.device.addTitle}
      </Answer>
      <div className="mt-6">
        {can('inventory:write') ? (
          <Loaded query={sites}>
            {({ data }) => <FormOrSiteFirst sites={data} site={site} onCreated={setCreated} />}
          </Loaded>
        ) : (
          <NoPermission />
        )}
      </div>
    </div>
  );
}

interface FormOrSiteFirstProps {
  sites: readonly Site[];
  site: string | undefined;
  onCreated: (device: CreatedDevice) => void;
}

function FormOrSiteFirst({ sites, site, onCreated }: FormOrSiteFirstProps) {
  const { org } = useOrg();
  const chosen = sites.find((each) => each.slug === site) ?? sites[0];
  if (chosen === undefined) {
    return (
      <Empty
        title={t.site.empty}
        action={
          <AppLink to={paths.addSite({ org })} className={buttonClass('primary')}>
            {t.site.add}
          </AppLink>
        }
      >
        {t.device.noSites}
      </Empty>
    );
  }
  return <AddDeviceForm sites={sites} initialSite={chosen.slug} onCreated={onCreated} />;
}
