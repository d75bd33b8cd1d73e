import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { t } from '../messages';
import { type ToastItem, Toasts } from '../ui/toasts';

/** Older ones are removed: nobody reads many at once. */
const toastsMax = 3;

export interface News extends Omit<ToastItem, 'id'> {
  /** Called once when the toast is gone without its action: by itself, dismissed, pushed out, or the page left. */
  onGone?: () => void;
}

interface Shown extends News {
  id: number;
}

interface ToastBoard {
  say: (news: News) => void;
  /** The newest action that can still be taken, for the key that takes it. */
  newestAction: (() => void) | undefined;
}

const ToastContext = createContext<ToastBoard>({ say: () => undefined, newestAction: undefined });

let lastId = 0;
let heldBack = 0;

/** Whether a write waits for an undo that may still come. */
export function isHeldBack(): boolean {
  return heldBack > 0;
}

export function ToastProvider({ children }: { children: ReactNode }) {
  const [items, setItems] = useState<readonly Shown[]>([]);
  const pending = useRef(new Map<number, () => void>());

  const settle = useCallback((id: number) => {
    const onGone = pending.current.get(id);
    pending.current.delete(id);
    heldBack = pending.current.size;
    onGone?.();
  }, []);
  const close = useCallback(
    (id: number) => {
      setItems((before) => before.filter((item) => item.id !== id));
      settle(id);
    },
    [settle],
  );
  const say = useCallback<ToastBoard['say']>((news) => {
    lastId += 1;
    const id = lastId;
    if (news.onGone !== undefined) pending.current.set(id, news.onGone);
    heldBack = pending.current.size;
    const { action } = news;
    const item: Shown = { ...news, id };
    if (action !== undefined) {
      const run = (): void => {
        pending.current.delete(id);
        heldBack = pending.current.size;
        setItems((before) => before.filter((each) => each.id !== id));
        action.run();
      };
      item.action = { ...action, run };
    }
    setItems((before) => [...before, item]);
  }, []);

  useEffect(() => {
    for (const item of items.slice(0, -toastsMax)) close(item.id);
  }, [items, close]);
  useEffect(() => {
    // Writes held back for undo are sent before the page is left.
    const settleAll = (): void => {
      for (const id of [...pending.current.keys()]) settle(id);
    };
    addEventListener('pagehide', settleAll);
    return () => removeEventListener('pagehide', settleAll);
  }, [settle]);

  const newestAction = items.findLast((item) => item.action !== undefined)?.action?.run;
  const board = useMemo(() => ({ say, newestAction }), [say, newestAction]);
  return (
    <ToastContext value={board}>
      {children}
      <Toasts
        items={items.slice(-toastsMax)}
        onClose={close}
        regionLabel={t.toasts.region}
        closeLabel={t.action.dismiss}
      />
    </ToastContext>
  );
}

export function useToast(): ToastBoard['say'] {
  return useContext(ToastContext).say;
}

export function useNewestToastAction(): (() => void) | undefined {
  return useContext(ToastContext).newestAction;
}
