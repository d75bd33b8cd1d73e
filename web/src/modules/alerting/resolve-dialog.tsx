import type { Alert } from '@watchkeeper/contracts/alerting';
import { type FormEvent, useState } from 'react';
import { t } from '../../messages';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { TextArea } from '../../ui/field';

interface ResolveDialogProps {
  /** null: closed. */
  alert: Alert | null;
  onClose: () => void;
  onResolve: (reason: string) => void;
}

export function ResolveDialog({ alert, onClose, onResolve }: ResolveDialogProps) {
  return (
    <Dialog open={alert !== null} onClose={onClose} title={t.alert.resolveTitle} closeLabel={t.action.close}>
      {alert === null ? null : <ResolveForm alert={alert} onClose={onClose} onResolve={onResolve} />}
    </Dialog>
  );
}

const reasonLengthMax = 2_000;

function ResolveForm({ alert, onClose, onResolve }: ResolveDialogProps & { alert: Alert }) {
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState(false);

  function submit(event: FormEvent): void {
    event.preventDefault();
    const text = reason.trim();
    setMissing(text === '');
    if (text === '') return;
    onResolve(text);
    onClose();
  }

  return (
    <form onSubmit={submit} noValidate className="grid gap-4">
      <p className="text-2 text-ink-2">
        <span className="font-medium text-ink">{alert.title}.</span> {t.alert.resolveText}
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
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{t.action.cancel}</Button>
        <Button variant="primary" type="submit">
          {t.action.resolve}
        </Button>
      </div>
    </form>
  );
}
