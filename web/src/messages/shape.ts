import type { en } from './en';

/** What every page has from the start. */
export type Words = typeof en;
/** What the pages behind have, from the moment on at which the first of them is shown. */
export type RoomWords = typeof import('./en/rooms').rooms;
/** What a language has to provide: its folder holds one file for each room of the console. */
export type Messages = Words & RoomWords;
