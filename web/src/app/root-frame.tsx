import type { ReactNode } from 'react';
import { TimeHint } from '../ui/time-hint';
import { CommandProvider } from './commands';
import { ToastProvider } from './toast';

export function RootFrame({ children }: { children: ReactNode }) {
  return (
    <CommandProvider>
      <ToastProvider>{children}</ToastProvider>
      <TimeHint />
    </CommandProvider>
  );
}
