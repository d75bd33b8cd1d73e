import { useQuery } from '@tanstack/react-query';
import type { DeviceType } from '@watchkeeper/contracts/inventory';
import { useState } from 'react';
import { deviceTypesQuery } from '../../../api/queries/inventory';
import { useOrg } from '../../../app/session';
import { Loaded } from '../../../app/states';
import { t } from '../../../messages';
import { Button } from '../../../ui/button';
import { Card } from '../../../ui/card';
import { Dialog } from '../../../ui/dialog';
import { Empty } from '../../../ui/empty';
import { PlusIcon } from '../../../ui/icons';
import { SkeletonRows } from '../../../ui/skeleton';
import { SectionHead } from '../section-head';
import { DeviceTypeForm } from './device-type-form';
import { DeviceTypeList } from './device-type-list';

/** `new`, or the type that is being edited. */
type Editing = 'new' | DeviceType;

export function DeviceTypesSection() {
  const { org, can } = useOrg();
  const types = useQuery(deviceTypesQuery(org));
  const [editing, setEditing] = useState<Editing>();
  const mayWrite = can('inventory:write');
  const add = mayWrite ? (
    <Button variant="primary" onClick={() => setEditing('new')}>
      <PlusIcon size={16} />
      {t.settings.deviceTypes.add}
    </Button>
  ) : undefined;
  return (
    <>
      <SectionHead section="device-types" sub={t.settings.deviceTypes.text} actions={add}>
        {types.data === undefined
          ? t.settings.sections['device-types'].label
          : t.settings.deviceTypes.sentence(types.data.data.length)}
      </SectionHead>
      <div className="mt-6">
        <Loaded query={types} loading={<SkeletonRows label={t.state.loading} />}>
          {({ data }) =>
            data.length === 0 ? (
              <Empty title={t.settings.deviceTypes.sentence(0)}>{t.settings.deviceTypes.emptyText}</Empty>
            ) : (
              <Card className="p-4 sm:px-6">
                <DeviceTypeList types={data} onEdit={setEditing} />
              </Card>
            )
          }
        </Loaded>
      </div>
      <Dialog
        open={editing !== undefined}
        onClose={() => setEditing(undefined)}
        title={
          editing === undefined || editing === 'new'
            ? t.settings.deviceTypes.add
            : t.settings.deviceTypes.editTitle(editing.name)
        }
        closeLabel={t.action.close}
      >
        {editing === undefined ? null : (
          <DeviceTypeForm
            before={editing === 'new' ? undefined : editing}
            onDone={() => setEditing(undefined)}
          />
        )}
      </Dialog>
    </>
  );
}
