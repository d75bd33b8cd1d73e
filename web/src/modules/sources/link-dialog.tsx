import { useQuery } from '@tanstack/react-query';
import type { SourceObject } from '@watchkeeper/contracts/sources';
import { type FormEvent, useDeferredValue, useState } from 'react';
import { pickStatus } from '../../app/pick-status';
import { useOrg } from '../../app/session';
import { t } from '../../messages';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { PickField } from '../../ui/pick-field';
import { devicePicksQuery } from '../telemetry/queries';

interface LinkDialogProps {
  /** undefined: closed. */
  object: SourceObject | undefined;
  onClose: () => void;
  onLink: (object: SourceObject, device: string) => void;
}

/** Which device an object is, where nothing looks like it or the guess is wrong. */
export function LinkDialog({ object, onClose, onLink }: LinkDialogProps) {
  return (
    <Dialog
      open={object !== undefined}
      onClose={onClose}
      title={object === undefined ? '' : t.sources.chooseFor(object.name)}
      closeLabel={t.action.close}
    >
      {object === undefined ? null : (
        <ChooseDevice
          onClose={onClose}
          onLink={(device) => {
            onClose();
            onLink(object, device);
          }}
        />
      )}
    </Dialog>
  );
}

function ChooseDevice({ onClose, onLink }: { onClose: () => void; onLink: (device: string) => void }) {
  const { org } = useOrg();
  const [device, setDevice] = useState('');
  const [text, setText] = useState('');
  const [tried, setTried] = useState(false);
  const asked = useDeferredValue(text);
  const devices = useQuery(devicePicksQuery(org, asked));

  function submit(event: FormEvent): void {
    event.preventDefault();
    setTried(true);
    if (device !== '') onLink(device);
  }

  return (
    <form noValidate onSubmit={submit} className="grid gap-5">
      <PickField
        label={t.sources.device}
        help={t.sources.chooseText}
        placeholder={t.sources.devicePlaceholder}
        notFound={t.sources.deviceMissing}
        options={devices.data ?? []}
        pending={asked !== text || devices.isPlaceholderData || devices.isPending}
        status={pickStatus}
        value={device}
        error={tried && device === '' ? t.sources.deviceMissing : undefined}
        onText={setText}
        onChange={setDevice}
      />
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{t.action.cancel}</Button>
        <Button variant="primary" type="submit">
          {t.sources.link}
        </Button>
      </div>
    </form>
  );
}
