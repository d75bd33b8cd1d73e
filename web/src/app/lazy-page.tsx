import type { RouteComponent } from '@tanstack/react-router';
import { type ComponentType, createElement, useEffect, useState } from 'react';
import { outer } from '../base';
import { t } from '../messages';
import { Button } from '../ui/button';
import { Notice } from '../ui/notice';
import { useConnection } from './live';
import { LoadingPage } from './states';

/** Without a word from the server the code is asked for again this often. */
const askAgainMs = 3_000;

type Loaded<Props> = ComponentType<Props> & Pick<RouteComponent, 'preload'>;

/**
 * A page whose code comes when it is first wanted. The router's own reloads the whole page when the code cannot be
 * had, which with a stopped server ends in the browser's error page; this one keeps the frame, says so and goes on
 * by itself.
 */
export function lazyPage<Name extends string, Props extends object>(
  load: () => Promise<Record<Name, ComponentType<Props>>>,
  name: Name,
): Loaded<Props> {
  let page: ComponentType<Props> | undefined;
  let asked: Promise<boolean> | undefined;

  /** Whether it is there now; never throws. */
  function ask(): Promise<boolean> {
    asked ??= load().then(
      (module) => {
        page = module[name];
        return true;
      },
      () => {
        asked = undefined;
        return false;
      },
    );
    return asked;
  }

  function LazyPage(props: Props) {
    const [, setCame] = useState(page !== undefined);
    if (page !== undefined) return createElement(page, props);
    return <Coming ask={ask} onCame={() => setCame(true)} />;
  }
  return Object.assign(LazyPage, {
    preload: async () => {
      await ask();
    },
  });
}

function Coming({ ask, onCame }: { ask: () => Promise<boolean>; onCame: () => void }) {
  const { connection } = useConnection();
  const [failures, setFailures] = useState(0);
  const isLive = connection.state === 'live';

  // biome-ignore lint/correctness/useExhaustiveDependencies: a server that is back is a reason to ask at once
  useEffect(() => {
    let left = false;
    const look = async (): Promise<void> => {
      if (await ask()) return left ? undefined : onCame();
      // The server answers and the code does not come: it is of a build that is gone, or the browser remembers its failure.
      if (failures > 0 && (await serverAnswers()) && !left) return location.reload();
      if (!left) setFailures(failures + 1);
    };
    const timer = setTimeout(() => void look(), failures === 0 ? 0 : askAgainMs);
    return () => {
      left = true;
      clearTimeout(timer);
    };
  }, [ask, failures, isLive]);

  if (failures === 0) return <LoadingPage />;
  return (
    <Notice
      tone="attention"
      role="alert"
      title={t.state.pageNotHere}
      action={<Button onClick={() => setFailures(failures + 1)}>{t.action.retry}</Button>}
    >
      {t.state.pageNotHereText}
    </Notice>
  );
}

async function serverAnswers(): Promise<boolean> {
  try {
    return (await fetch(outer('/'), { cache: 'no-store' })).ok;
  } catch {
    return false;
  }
}
