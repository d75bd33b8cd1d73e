import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { MaintenanceInput, MaintenanceWindow } from '@watchkeeper/contracts/maintenance';
import { useState } from 'react';
import { api } from '../../api/client';
import { keys } from '../../api/keys';
import { answered } from '../../api/problem';
import { sitesQuery } from '../../api/queries/inventory';
import { AppLink, useGo } from '../../app/link';
import { usePageTitle } from '../../app/page-title';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { useToast } from '../../app/toast';
import { serverNow } from '../../lib/clock';
import { localTimeZone } from '../../lib/time-zones';
import { t } from '../../messages';
import { type MaintenanceFor, paths } from '../../paths';
import { Answer } from '../../ui/answer';
import { Button, buttonClass } from '../../ui/button';
import { Notice } from '../../ui/notice';
import { isDay } from './days';
import { newDraft } from './window-draft';
import { WindowForm } from './window-form';

/** For a place, a device or a day that was pressed, or for whatever is chosen. */
export function AddWindowPage(wish: MaintenanceFor) {
  usePageTitle(t.maintenance.addTitle);
  const { org, can } = useOrg();
  const sites = useQuery(sitesQuery(org));
  return (
    <>
      <Answer crumb={<MaintenanceCrumb />} sub={t.maintenance.lead}>
        {t.maintenance.addTitle}
      </Answer>
      {can('alerts:operate') ? (
        <Loaded query={sites}>
          {({ data }) => {
            // The time zone of a single site is known.
            const only = data.length === 1 ? data[0]?.slug : undefined;
            const site = data.find((each) => each.slug === (wish.site ?? only));
            return <NewWindow wish={wish} site={site?.slug} zone={site?.timezone ?? localTimeZone()} />;
          }}
        </Loaded>
      ) : (
        <Notice tone="unknown" className="mt-6">
          {t.state.noPermission('alerts:operate')}
        </Notice>
      )}
    </>
  );
}

export function MaintenanceCrumb() {
  const { org } = useOrg();
  return (
    <AppLink to={paths.maintenance({ org })} className="hover:underline">
      {t.maintenance.title}
    </AppLink>
  );
}

function NewWindow({ wish, site, zone }: { wish: MaintenanceFor; site: string | undefined; zone: string }) {
  const { org } = useOrg();
  const go = useGo();
  const say = useToast();
  const queryClient = useQueryClient();
  const day = isDay(wish.day) ? wish.day : undefined;
  const [initial] = useState(() => newDraft({ site, device: wish.device, day }, zone, serverNow()));
  const plan = useMutation({
    mutationFn: (body: MaintenanceInput) =>
      answered<MaintenanceWindow>(api.POST('/api/v1/{org}/maintenance', { params: { path: { org } }, body })),
    onSuccess: (window) => {
      void queryClient.invalidateQueries({ queryKey: keys.of(org, 'maintenance') });
      void queryClient.invalidateQueries({ queryKey: keys.of(org, 'states') });
      say({ tone: 'ok', text: t.maintenance.planned(window.reason) });
      go(paths.maintenanceWindow({ org, window: window.slug }));
    },
  });
  return (
    <WindowForm
      initial={initial}
      error={plan.error}
      onSubmit={(body) => {
        if (!plan.isPending) plan.mutate(body);
      }}
      buttons={
        <>
          <Button variant="primary" type="submit" busy={plan.isPending}>
            {t.maintenance.submit}
          </Button>
          <AppLink to={paths.maintenance({ org })} className={buttonClass('quiet')}>
            {t.action.cancel}
          </AppLink>
        </>
      }
    />
  );
}
