import { useQuery } from '@tanstack/react-query';
import type { Device } from '@watchkeeper/contracts/inventory';
import { type FormEvent, useState } from 'react';
import { fieldMessages, messageOf } from '../../api/problem';
import { deviceQuery, sitesQuery } from '../../api/queries/inventory';
import { isChangedMeanwhile } from '../../api/versions';
import { ChangedMeanwhile } from '../../app/changed-meanwhile';
import { useHeld } from '../../app/held';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { t } from '../../messages';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { SelectField, TextField } from '../../ui/field';
import { Notice } from '../../ui/notice';
import { SkeletonRows } from '../../ui/skeleton';
import { AreaField, TypeField } from './add-device-form';
import { DependenciesField } from './dependencies-field';
import { useSaveDevice } from './device-actions';

interface EditProps {
  slug: string;
  name: string;
  open: boolean;
  onClose: () => void;
}

/** Name, place, type and what it depends on. */
export function EditDeviceDialog({ slug, name, open, onClose }: EditProps) {
  const { org } = useOrg();
  const device = useQuery({ ...deviceQuery(org, slug), enabled: open });
  return (
    <Dialog open={open} onClose={onClose} title={t.deviceView.editTitle(name)} closeLabel={t.action.close}>
      <Loaded query={device} loading={<SkeletonRows label={t.state.loading} />}>
        {(data) => (
          <HeldForm device={data} onClose={onClose} readAgain={async () => void (await device.refetch())} />
        )}
      </Loaded>
    </Dialog>
  );
}

interface HeldFormProps {
  device: Device;
  onClose: () => void;
  readAgain: () => Promise<void>;
}

function HeldForm({ device, onClose, readAgain }: HeldFormProps) {
  const { base, hold, release } = useHeld(device);
  const reload = async (): Promise<void> => {
    await readAgain();
    release();
  };
  return (
    <EditForm
      key={base.version}
      device={base}
      onClose={onClose}
      onHold={hold}
      onReload={() => void reload()}
    />
  );
}

function useDraft(device: Device) {
  const [name, setName] = useState(device.name);
  const [site, setSite] = useState<string>(device.site);
  const [area, setArea] = useState<string>(device.area ?? '');
  const [type, setType] = useState(device.type ?? '');
  const [parents, setParents] = useState<readonly string[]>(device.depends_on);
  return { name, setName, site, setSite, area, setArea, type, setType, parents, setParents };
}

interface EditFormProps {
  device: Device;
  onClose: () => void;
  onHold: () => void;
  onReload: () => void;
}

function EditForm({ device, onClose, onHold, onReload }: EditFormProps) {
  const { org } = useOrg();
  const sites = useQuery(sitesQuery(org));
  const draft = useDraft(device);
  const save = useSaveDevice(device, onClose);
  const errors = fieldMessages(save.error);
  const parentsError = Object.entries(errors).find(([field]) => field.startsWith('depends_on'))?.[1];

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (save.isPending) return;
    save.mutate({
      name: draft.name.trim(),
      site: draft.site,
      area: draft.area === '' ? null : draft.area,
      type: draft.type === '' ? null : draft.type,
      depends_on: [...draft.parents],
    });
  }

  return (
    <form onSubmit={submit} onChange={onHold} className="grid gap-4">
      <TextField
        label={t.deviceView.editName}
        required
        maxLength={200}
        value={draft.name}
        onChange={(event) => draft.setName(event.currentTarget.value)}
        error={errors.name}
      />
      <SelectField
        label={t.deviceView.editSite}
        value={draft.site}
        help={draft.site === device.site ? undefined : t.deviceView.moveNote}
        error={errors.site}
        onChange={(event) => {
          draft.setSite(event.currentTarget.value);
          draft.setArea('');
        }}
      >
        {(sites.data?.data ?? []).map((site) => (
          <option key={site.id} value={site.slug}>
            {site.name}
          </option>
        ))}
      </SelectField>
      <AreaField site={draft.site} value={draft.area} onChange={draft.setArea} error={errors.area} />
      <TypeField value={draft.type} onChange={draft.setType} error={errors.type} />
      <DependenciesField
        device={device.slug}
        value={draft.parents}
        onChange={(slugs) => {
          onHold();
          draft.setParents(slugs);
        }}
        error={parentsError}
      />
      {isChangedMeanwhile(save.error) ? (
        <ChangedMeanwhile onReload={onReload} />
      ) : save.error !== null && Object.keys(errors).length === 0 ? (
        <Notice tone="attention" role="alert">
          {messageOf(save.error)}
        </Notice>
      ) : null}
      <div className="flex flex-wrap gap-2">
        <Button variant="primary" type="submit" busy={save.isPending}>
          {t.deviceView.save}
        </Button>
        <Button variant="quiet" onClick={onClose}>
          {t.action.cancel}
        </Button>
      </div>
    </form>
  );
}
