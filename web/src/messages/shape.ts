import type { en } from './en';

/** The words that every page has from the start. */
export type Words = typeof en;
/** The words of the other pages, from the moment the first of them is shown. */
export type RoomWords = typeof import('./en/rooms').rooms;
/** The parts of a language: its folder holds one file for each room of the console. */
export type Messages = Words & RoomWords;
