import { useIsMutating } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { outer } from '../base';
import { somebodyIsHere } from '../lib/presence';
import { t } from '../messages';
import { Button } from '../ui/button';
import { Notice } from '../ui/notice';
import { usePathname } from './link';
import { useConnection } from './live';
import { isHeldBack } from './toast';

/** Whether somebody left is looked at this often. */
const lookMs = 1_000;

const entryPattern = /<script type="module"[^>]*\ssrc="([^"]+)"/;

/** The script that a page begins with; its name is of its build. */
function entryOf(html: string): string | undefined {
  return entryPattern.exec(html)?.[1];
}

const own = entryOf(document.documentElement.outerHTML);

async function isReplaced(): Promise<boolean> {
  try {
    const answer = await fetch(outer('/'), { cache: 'no-store' });
    if (!answer.ok) return false;
    const now = entryOf(await answer.text());
    return own !== undefined && now !== undefined && now !== own;
  } catch {
    return false;
  }
}

const typedInto = new Set<Element>();

function noteTyping({ target }: Event): void {
  if (target instanceof Element && target.closest('form, dialog, [role="dialog"]') !== null)
    typedInto.add(target);
}
addEventListener('input', noteTyping, { capture: true, passive: true });
addEventListener('change', noteTyping, { capture: true, passive: true });

/** Whether a reload would take something from somebody: a form that was begun, an open dialog or menu, an undo. */
function somethingIsUnderWay(): boolean {
  for (const element of typedInto) if (!element.isConnected) typedInto.delete(element);
  if (typedInto.size > 0 || isHeldBack()) return true;
  return (
    document.querySelector('dialog[open], [role="dialog"], [role="alertdialog"], [role="menu"]') !== null
  );
}

/**
 * A server that came back may have brought a new console. The page begins anew with it between two actions: when
 * somebody goes to another page, or when nobody is there. What was typed stays until then.
 */
export function NewBuild({ quiet = false }: { quiet?: boolean }) {
  const { connection } = useConnection();
  const isLive = connection.state === 'live';
  const writes = useIsMutating();
  const [replaced, setReplaced] = useState(false);
  const wasLive = useRef(false);
  const pathname = usePathname();
  const shown = useRef(pathname);

  useEffect(() => {
    if (!isLive) return;
    // The first connection of a page is to the server that it came from.
    if (wasLive.current) void isReplaced().then((yes) => yes && setReplaced(true));
    wasLive.current = true;
  }, [isLive]);

  useEffect(() => {
    const moved = shown.current !== pathname;
    shown.current = pathname;
    if (replaced && moved && writes === 0 && !somethingIsUnderWay()) location.reload();
  }, [pathname, replaced, writes]);

  useEffect(() => {
    if (!replaced || writes > 0) return;
    const timer = setInterval(() => {
      if (!somebodyIsHere() && !somethingIsUnderWay()) location.reload();
    }, lookMs);
    return () => clearInterval(timer);
  }, [replaced, writes]);

  if (!replaced || quiet) return null;
  return (
    <Notice
      tone="unknown"
      role="status"
      className="fixed inset-x-4 bottom-20 z-30 max-w-2xl shadow-float md:bottom-4 md:left-60 print:hidden"
      title={t.newBuild.title}
      action={<Button onClick={() => location.reload()}>{t.newBuild.load}</Button>}
    >
      {t.newBuild.text}
    </Notice>
  );
}
