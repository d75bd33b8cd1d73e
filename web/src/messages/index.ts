import { en } from './en';

/** What a language has to provide: its folder holds one file for each room of the console. */
export type Messages = typeof en;

/**
 * The chosen language's words. A live binding: read it while rendering, never at import time,
 * because the language is settled before the first render only.
 */
export let t: Messages = en;

const languages: Record<string, () => Promise<Messages>> = {
  en: async () => en,
  de: async () => (await import('./de')).de,
  fr: async () => (await import('./fr')).fr,
};

/** In their own words, for the choice. */
export const languageNames: Readonly<Record<string, string>> = {
  en: 'English',
  de: 'Deutsch',
  fr: 'Français',
};

/** The first of these languages that there is. */
export async function chooseLanguage(wanted: readonly string[]): Promise<void> {
  for (const tag of wanted) {
    const load = languages[tag.toLowerCase().split('-', 1)[0] ?? ''];
    if (load === undefined) continue;
    t = await load();
    break;
  }
  document.documentElement.lang = t.language;
}
