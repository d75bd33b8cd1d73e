import { en } from './en';
import { isolating } from './isolate';
import type { Messages, RoomWords, Words } from './shape';

/**
 * The chosen language's words. A live binding: read it while rendering, never at import time,
 * because the language is settled before the first render only.
 */
export let t: Messages = withoutRooms(en);

interface Language {
  readonly words: () => Promise<Words>;
  readonly rooms: () => Promise<RoomWords>;
}

const english: Language = {
  words: async () => en,
  rooms: async () => (await import('./en/rooms')).rooms,
};

const languages: Readonly<Record<string, Language>> = {
  en: english,
  de: {
    words: async () => (await import('./de')).de,
    rooms: async () => (await import('./de/rooms')).rooms,
  },
  fr: {
    words: async () => (await import('./fr')).fr,
    rooms: async () => (await import('./fr/rooms')).rooms,
  },
};

/** In their own words, for the choice. */
export const languageNames: Readonly<Record<string, string>> = {
  en: 'English',
  de: 'Deutsch',
  fr: 'Français',
};

let chosen = english;
let roomsAsked: Promise<void> | undefined;

/** The first of these languages that there is. */
export async function chooseLanguage(wanted: readonly string[]): Promise<void> {
  const tags = wanted.map((tag) => tag.toLowerCase().split('-', 1)[0] ?? '');
  chosen = tags.map((tag) => languages[tag]).find((language) => language !== undefined) ?? english;
  // Words that cannot be had are no reason for an empty page.
  const words = await chosen.words().catch(() => {
    chosen = english;
    return en;
  });
  t = withoutRooms(isolating(words));
  document.documentElement.lang = t.language;
}

/** Loads a page of the rooms together with their words, which come once for all of them. */
export function withRoomWords<Page>(load: () => Promise<Page>): () => Promise<Page> {
  return async () => {
    const [page] = await Promise.all([load(), loadRoomWords()]);
    return page;
  };
}

/** Tried again by the next page where it failed. */
export async function loadRoomWords(): Promise<void> {
  roomsAsked ??= chosen.rooms().then((rooms) => {
    t = { ...t, ...isolating(rooms) };
  });
  await roomsAsked.catch((error: unknown) => {
    roomsAsked = undefined;
    throw error;
  });
}

/** Safe because only pages that came by `withRoomWords` read the words of rooms; a test holds them to it. */
function withoutRooms(words: Words): Messages {
  return words as Messages;
}
