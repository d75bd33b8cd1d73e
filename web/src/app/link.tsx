import { useRouter, useRouterState } from '@tanstack/react-router';
import { type ComponentProps, useCallback } from 'react';
import { outer } from '../base';

interface LinkProps extends Omit<ComponentProps<'a'>, 'href'> {
  /** From the path builder. */
  to: string;
}

/** A real link that the router follows; modified clicks stay the browser's. */
export function AppLink({ to, onClick, ...rest }: LinkProps) {
  const router = useRouter();
  return (
    <a
      {...rest}
      href={outer(to)}
      onClick={(event) => {
        onClick?.(event);
        const plain =
          event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
        if (!plain || event.defaultPrevented) return;
        event.preventDefault();
        router.history.push(outer(to));
      }}
    />
  );
}

export function usePathname(): string {
  return useRouterState({ select: (state) => state.location.pathname });
}

/** `?wall`: a screen on a wall, without anything to press. */
export function useOnWall(): boolean {
  return useRouterState({ select: ({ location }) => 'wall' in location.search });
}

/** Goes to an address from the path builder. The same function on every render. */
export function useGo(): (to: string, options?: { replace?: boolean }) => void {
  const { history } = useRouter();
  return useCallback(
    (to, options) => {
      if (options?.replace === true) history.replace(outer(to));
      else history.push(outer(to));
    },
    [history],
  );
}

/** Goes there, and is done when that page is shown: for what must not happen while the one before it still reads. */
export function useArrive(): (to: string) => Promise<void> {
  const router = useRouter();
  return useCallback(
    (to) =>
      new Promise((resolve) => {
        const stop = router.subscribe('onResolved', () => {
          stop();
          resolve();
        });
        router.history.push(outer(to));
      }),
    [router],
  );
}
