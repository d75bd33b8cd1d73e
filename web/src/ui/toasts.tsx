import { Toast } from 'radix-ui';
import { Button } from './button';
import { CloseIcon } from './icons';
import { Mark } from './mark';
import type { Tone } from './tone';

export interface ToastItem {
  id: number;
  tone: Tone;
  text: string;
  action?: { label: string; run: () => void };
}

const shownMs = 6_000;
/** A failure has to be read, and what can be undone has to be reached, perhaps by keyboard. */
const longShownMs = 12_000;

interface ToastsProps {
  items: readonly ToastItem[];
  onClose: (id: number) => void;
  regionLabel: string;
  closeLabel: string;
}

/** Short news at the edge of the page; announced politely, never in the way. */
export function Toasts({ items, onClose, regionLabel, closeLabel }: ToastsProps) {
  return (
    <Toast.Provider swipeDirection="right" label={regionLabel}>
      {items.map((item) => (
        <Toast.Root
          key={item.id}
          type={item.tone === 'problem' ? 'foreground' : 'background'}
          duration={item.tone === 'problem' || item.action !== undefined ? longShownMs : shownMs}
          onOpenChange={(open) => {
            if (!open) onClose(item.id);
          }}
          className="flex items-center gap-2.5 rounded-2 border border-line-2 bg-raised py-1.5 pr-1.5 pl-3.5 shadow-float data-[state=open]:animate-rise"
        >
          <Mark tone={item.tone} />
          <Toast.Description className="min-w-0 flex-1 py-1.5 text-2">{item.text}</Toast.Description>
          {item.action === undefined ? null : (
            <Toast.Action asChild altText={item.action.label}>
              <Button variant="quiet" onClick={item.action.run} className="text-accent">
                {item.action.label}
              </Button>
            </Toast.Action>
          )}
          <Toast.Close asChild>
            <Button variant="quiet" aria-label={closeLabel} className="px-2.5">
              <CloseIcon size={16} />
            </Button>
          </Toast.Close>
        </Toast.Root>
      ))}
      <Toast.Viewport
        label={regionLabel}
        className="fixed right-4 bottom-20 left-4 z-50 ml-auto flex max-w-md flex-col gap-2 outline-none md:bottom-4"
      />
    </Toast.Provider>
  );
}
