import type { Alert } from '@watchkeeper/contracts/alerting';
import { type FormEvent, useState } from 'react';
import { t } from '../../messages';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { TextArea } from '../../ui/field';
import type { Resolution } from './actions';
import { reasonLengthMax } from './limits';

interface ResolveDialogProps {
  /** None: closed. */
  alerts: readonly Alert[];
  onClose: () => void;
  onResolve: (resolution: Resolution) => void;
}

export function ResolveDialog({ alerts, onClose, onResolve }: ResolveDialogProps) {
  return (
    <Dialog
      open={alerts.length > 0}
      onClose={onClose}
      title={t.alert.resolveTitleMany(alerts.length)}
      closeLabel={t.action.close}
    >
      {alerts.length === 0 ? null : <ResolveForm alerts={alerts} onClose={onClose} onResolve={onResolve} />}
    </Dialog>
  );
}

function ResolveForm({ alerts, onClose, onResolve }: ResolveDialogProps) {
  const [first] = alerts;
  const [reason, setReason] = useState('');
  const [action, setAction] = useState('');
  const [missing, setMissing] = useState(false);

  function submit(event: FormEvent): void {
    event.preventDefault();
    const text = reason.trim();
    setMissing(text === '');
    if (text === '') return;
    const done = action.trim();
    onResolve({ reason: text, ...(done === '' ? {} : { action: done }) });
    onClose();
  }

  return (
    <form onSubmit={submit} noValidate className="grid gap-4">
      <p className="text-2 text-ink-2">
        <span className="font-medium text-ink">
          {first?.title}
          {alerts.length > 1 ? ` ${t.alert.andMore(alerts.length - 1)}` : ''}.
        </span>{' '}
        {alerts.length > 1 ? t.alert.resolveTextMany : t.alert.resolveText}
      </p>
      <TextArea
        label={t.alert.resolveReason}
        help={t.alert.resolveReasonHelp}
        error={missing ? t.alert.resolveReasonMissing : undefined}
        value={reason}
        maxLength={reasonLengthMax}
        required
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <TextArea
        label={t.alert.resolveAction}
        help={t.alert.resolveActionHelp}
        value={action}
        maxLength={reasonLengthMax}
        onChange={(event) => setAction(event.currentTarget.value)}
      />
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{t.action.cancel}</Button>
        <Button variant="primary" type="submit">
          {t.action.resolve}
        </Button>
      </div>
    </form>
  );
}
