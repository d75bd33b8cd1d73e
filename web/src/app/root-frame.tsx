import type { ReactNode } from 'react';
import { CommandProvider } from './commands';
import { ToastProvider } from './toast';

export function RootFrame({ children }: { children: ReactNode }) {
  return (
    <CommandProvider>
      <ToastProvider>{children}</ToastProvider>
    </CommandProvider>
  );
}
