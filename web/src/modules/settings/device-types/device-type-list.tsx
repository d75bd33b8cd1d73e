import type { DeviceType } from '@watchkeeper/contracts/inventory';
import { useState } from 'react';
import { api } from '../../../api/client';
import { answered } from '../../../api/problem';
import { useOrg } from '../../../app/session';
import { useToast } from '../../../app/toast';
import { formatDuration, secondMs } from '../../../lib/time';
import { t } from '../../../messages';
import { Button } from '../../../ui/button';
import { ConfirmDialog } from '../confirm-dialog';
import { useWrite } from '../use-write';

interface DeviceTypeListProps {
  types: readonly DeviceType[];
  onEdit: (type: DeviceType) => void;
}

export function DeviceTypeList({ types, onEdit }: DeviceTypeListProps) {
  const { org } = useOrg();
  const say = useToast();
  const [deleting, setDeleting] = useState<DeviceType>();
  const remove = useWrite({
    write: ({ slug }: DeviceType) =>
      answered(api.DELETE('/api/v1/{org}/device-types/{type}', { params: { path: { org, type: slug } } })),
    reads: ['deviceTypes'],
    onDone: (_, { name }) => say({ tone: 'ok', text: t.settings.deviceTypes.deleted(name) }),
    failed: ({ name }) => t.settings.deviceTypes.deleteFailed(name),
  });
  return (
    <>
      <ul className="divide-y divide-line">
        {types.map((type) => (
          <DeviceTypeRow
            key={type.id}
            type={type}
            onEdit={() => onEdit(type)}
            onDelete={() => setDeleting(type)}
          />
        ))}
      </ul>
      <ConfirmDialog
        title={deleting && t.settings.deviceTypes.deleteTitle(deleting.name)}
        confirm={t.settings.deviceTypes.delete}
        busy={remove.isPending}
        onClose={() => setDeleting(undefined)}
        onConfirm={() => deleting && remove.mutate(deleting, { onSettled: () => setDeleting(undefined) })}
      >
        {t.settings.deviceTypes.deleteText}
      </ConfirmDialog>
    </>
  );
}

interface DeviceTypeRowProps {
  type: DeviceType;
  onEdit: () => void;
  onDelete: () => void;
}

function DeviceTypeRow({ type, onEdit, onDelete }: DeviceTypeRowProps) {
  const { can } = useOrg();
  const words = t.settings.deviceTypes;
  const every = formatDuration(type.check_interval * secondMs);
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 py-3.5 first:pt-0 last:pb-0">
      <div className="min-w-0 flex-1 basis-72">
        <p className="flex flex-wrap items-baseline gap-x-2.5">
          <span className="font-medium">{type.name}</span>
          <code className="font-mono text-1 text-ink-3">{type.slug}</code>
        </p>
        <p className="mt-0.5 text-1 text-ink-2">
          {words.summary(every, type.alert_after_failures, type.recover_after_successes)}
        </p>
        <p className="mt-0.5 text-1 text-ink-3">
          {type.check_method} · {t.count.devices(type.device_count)}
        </p>
      </div>
      {can('inventory:write') ? (
        <div className="flex gap-2">
          <Button aria-label={words.editOf(type.name)} onClick={onEdit}>
            {words.edit}
          </Button>
          <Button
            variant="quiet"
            aria-label={words.deleteOf(type.name)}
            disabledReason={type.device_count > 0 ? words.inUse(type.device_count) : undefined}
            onClick={onDelete}
          >
            {words.delete}
          </Button>
        </div>
      ) : null}
    </li>
  );
}
