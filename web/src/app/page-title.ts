import { useEffect } from 'react';
import { t } from '../messages';

/** The browser tab's title; a screen reader reads it first. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = title === t.product ? title : `${title} · ${t.product}`;
  }, [title]);
}
