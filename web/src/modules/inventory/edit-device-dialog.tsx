import { useQuery } from '@tanstack/react-query';
import type { Device } from '@watchkeeper/contracts/inventory';
import { type FormEvent, useState } from 'react';
import { fieldMessages, messageOf } from '../../api/problem';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { t } from '../../messages';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { SelectField, TextField } from '../../ui/field';
import { Notice } from '../../ui/notice';
import { SkeletonRows } from '../../ui/skeleton';
import { AreaField, TypeField } from './add-device-form';
import { useSaveDevice } from './device-actions';
import { deviceQuery, sitesQuery } from './queries';

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
        {(data) => <EditForm device={data} onClose={onClose} />}
      </Loaded>
    </Dialog>
  );
}

const slugsIn = (text: string) => text.split(/[\s,]+/).filter((slug) => slug !== '');

function useDraft(device: Device) {
  const [name, setName] = useState(device.name);
  const [site, setSite] = useState<string>(device.site);
  const [area, setArea] = useState<string>(device.area ?? '');
  const [type, setType] = useState(device.type ?? '');
  const [parents, setParents] = useState(device.depends_on.join(', '));
  return { name, setName, site, setSite, area, setArea, type, setType, parents, setParents };
}

function EditForm({ device, onClose }: { device: Device; onClose: () => void }) {
  const { org } = useOrg();
  const sites = useQuery(sitesQuery(org));
  const draft = useDraft(device);
  const save = useSaveDevice(device.slug, onClose);
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
      depends_on: slugsIn(draft.parents),
    });
  }

  return (
    <form onSubmit={submit} className="grid gap-4">
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
      <TextField
        label={t.deviceView.dependsOn}
        help={t.deviceView.dependsOnHelp}
        value={draft.parents}
        autoCapitalize="none"
        spellCheck={false}
        onChange={(event) => draft.setParents(event.currentTarget.value)}
        error={parentsError}
      />
      {save.error !== null && Object.keys(errors).length === 0 ? (
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
