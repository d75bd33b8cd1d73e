import { useEffect } from 'react';
import quietIcon from '../favicon.svg';
import waitingIcon from '../favicon-waiting.svg';
import { t } from '../messages';

let page = '';
let waiting = 0;

function write(): void {
  const name = page === '' || page === t.product ? t.product : `${page} · ${t.product}`;
  document.title = waiting === 0 ? name : `(${waiting}) ${name}`;
}

/** The browser tab's title; a screen reader reads it first. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    page = title;
    write();
  }, [title]);
}

/**
 * The browser's tab also shows the alerts that need somebody: the number before the title, the light of the
 * icon.
 */
export function useTabMark(needsYou: number): void {
  useEffect(() => {
    waiting = needsYou;
    write();
    setIcon(needsYou === 0 ? quietIcon : waitingIcon);
    return () => {
      waiting = 0;
      write();
      setIcon(quietIcon);
    };
  }, [needsYou]);
}

function setIcon(href: string): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (link !== null && link.getAttribute('href') !== href) link.setAttribute('href', href);
}
