import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';
import { t } from '../messages';
import { type ToastItem, Toasts } from '../ui/toasts';

/** Older ones give way: nobody reads a pile. */
const toastsMax = 3;

type Say = (toast: Omit<ToastItem, 'id'>) => void;

const ToastContext = createContext<Say>(() => undefined);

let lastId = 0;

export function ToastProvider({ children }: { children: ReactNode }) {
  const [items, setItems] = useState<readonly ToastItem[]>([]);
  const say = useCallback<Say>((toast) => {
    lastId += 1;
    const item = { ...toast, id: lastId };
    setItems((before) => [...before, item].slice(-toastsMax));
  }, []);
  const close = useCallback(
    (id: number) => setItems((before) => before.filter((item) => item.id !== id)),
    [],
  );
  return useMemo(
    () => (
      <ToastContext value={say}>
        {children}
        <Toasts items={items} onClose={close} regionLabel={t.toasts.region} closeLabel={t.action.dismiss} />
      </ToastContext>
    ),
    [children, items, close, say],
  );
}

export function useToast(): Say {
  return useContext(ToastContext);
}
