import type { ReactNode } from 'react';
import { t } from '../../messages';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';

interface ConfirmDialogProps {
  /** Undefined while nothing is to be confirmed. */
  title: string | undefined;
  children: ReactNode;
  confirm: string;
  busy: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

/** For what cannot be undone: says what happens, and waits. */
export function ConfirmDialog({ title, children, confirm, busy, onConfirm, onClose }: ConfirmDialogProps) {
  return (
    <Dialog open={title !== undefined} onClose={onClose} title={title ?? ''} closeLabel={t.action.close}>
      <div className="text-2 text-ink-2">{children}</div>
      <div className="mt-5 flex flex-wrap gap-2">
        <Button variant="primary" busy={busy} onClick={onConfirm}>
          {confirm}
        </Button>
        <Button variant="quiet" onClick={onClose}>
          {t.action.cancel}
        </Button>
      </div>
    </Dialog>
  );
}
