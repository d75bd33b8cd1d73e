import type { ReactNode } from 'react';
import { useEffect, useId, useRef } from 'react';
import { Button } from './button';
import { CloseIcon } from './icons';

interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  closeLabel: string;
  children: ReactNode;
}

/**
 * The browser's own modal dialog: it traps focus, makes the page inert and gives focus back. A library's
 * would lock scrolling with an injected style element, which the content security policy refuses.
 */
export function Dialog({ open, onClose, title, closeLabel, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();

  useEffect(() => {
    const dialog = ref.current;
    if (dialog === null || !open) return;
    dialog.showModal();
    // Left alone the browser takes the first control, which is the one that closes.
    dialog.querySelector<HTMLElement>('input, textarea, select')?.focus();
    return () => dialog.close();
  }, [open]);

  return (
    <dialog
      ref={ref}
      closedby="any"
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      className="m-auto w-[min(30rem,calc(100vw-2rem))] rounded-3 border border-line bg-surface p-0 text-ink shadow-float open:animate-rise max-sm:mb-4"
    >
      {open ? (
        <div className="p-5 sm:p-6">
          <header className="mb-2 flex items-start justify-between gap-4">
            <h2 id={titleId} className="text-4 font-semibold tracking-[-0.01em]">
              {title}
            </h2>
            <Button
              variant="quiet"
              aria-label={closeLabel}
              onClick={onClose}
              className="-mt-1.5 -mr-2 px-2.5"
            >
              <CloseIcon />
            </Button>
          </header>
          {children}
        </div>
      ) : null}
    </dialog>
  );
}
