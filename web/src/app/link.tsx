import { useRouter, useRouterState } from '@tanstack/react-router';
import type { ComponentProps } from 'react';

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
      href={to}
      onClick={(event) => {
        onClick?.(event);
        const plain =
          event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
        if (!plain || event.defaultPrevented) return;
        event.preventDefault();
        router.history.push(to);
      }}
    />
  );
}

export function usePathname(): string {
  return useRouterState({ select: (state) => state.location.pathname });
}

export function useGo(): (to: string, options?: { replace?: boolean }) => void {
  const router = useRouter();
  return (to, options) => {
    if (options?.replace === true) router.history.replace(to);
    else router.history.push(to);
  };
}
