import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { MaintenanceInput, MaintenanceWindow } from '@watchkeeper/contracts/maintenance';
import { useState } from 'react';
import { api } from '../../api/client';
import { keys } from '../../api/keys';
import { ApiError, answered } from '../../api/problem';
import { AppLink, useGo } from '../../app/link';
import { usePageTitle } from '../../app/page-title';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { useToast } from '../../app/toast';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Answer } from '../../ui/answer';
import { Button, buttonClass } from '../../ui/button';
import { Notice } from '../../ui/notice';
import { MaintenanceCrumb } from './add-window-page';
import { readForEdit } from './queries';
import { draftOfWindow } from './window-draft';
import { WindowForm } from './window-form';

export function EditWindowPage({ slug }: { slug: string }) {
  const { org, can } = useOrg();
  const read = useQuery(readForEdit(org, slug));
  usePageTitle(
    read.data === undefined ? t.maintenance.title : t.maintenance.editTitle(read.data.window.reason),
  );
  if (!can('alerts:operate')) {
    return (
      <>
        <Answer crumb={<MaintenanceCrumb />}>{t.maintenance.title}</Answer>
        <Notice tone="unknown" className="mt-6">
          {t.state.noPermission('alerts:operate')}
        </Notice>
      </>
    );
  }
  return (
    <Loaded query={read}>
      {(data) => <EditWindow key={data.etag} {...data} onStartOver={() => void read.refetch()} />}
    </Loaded>
  );
}

interface EditWindowProps {
  window: MaintenanceWindow;
  etag: string;
  onStartOver: () => void;
}

function EditWindow({ window, etag, onStartOver }: EditWindowProps) {
  const { org } = useOrg();
  const go = useGo();
  const say = useToast();
  const queryClient = useQueryClient();
  const [initial] = useState(() => draftOfWindow(window));
  const save = useMutation({
    mutationFn: (body: MaintenanceInput) =>
      answered<MaintenanceWindow>(
        api.PUT('/api/v1/{org}/maintenance/{id}', {
          params: { path: { org, id: window.id } },
          ...(etag === '' ? {} : { headers: { 'if-match': etag } }),
          body,
        }),
      ),
    onSuccess: (saved) => {
      void queryClient.invalidateQueries({ queryKey: keys.of(org, 'maintenance') });
      say({ tone: 'ok', text: t.maintenance.saved(saved.reason) });
      go(paths.maintenanceWindow({ org, window: saved.slug }));
    },
  });
  const isBehind = save.error instanceof ApiError && save.error.status === 412;
  return (
    <>
      <Answer crumb={<MaintenanceCrumb />}>{t.maintenance.editTitle(window.reason)}</Answer>
      {isBehind ? (
        <Notice
          tone="attention"
          role="alert"
          className="mt-5"
          action={<Button onClick={onStartOver}>{t.maintenance.startOver}</Button>}
        >
          {t.maintenance.changed}
        </Notice>
      ) : null}
      <WindowForm
        initial={initial}
        self={window.id}
        error={isBehind ? null : save.error}
        onSubmit={(body) => {
          if (!save.isPending) save.mutate(body);
        }}
        buttons={
          <>
            <Button variant="primary" type="submit" busy={save.isPending}>
              {t.maintenance.save}
            </Button>
            <AppLink
              to={paths.maintenanceWindow({ org, window: window.slug })}
              className={buttonClass('quiet')}
            >
              {t.action.cancel}
            </AppLink>
          </>
        }
      />
    </>
  );
}
