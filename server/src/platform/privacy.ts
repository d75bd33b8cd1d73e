import type { Tx } from './db/database.ts';

/** A person of whom rows may tell. Known by an e-mail address; an account is not needed. */
export interface Person {
  /** In lower case. */
  readonly email: string;
  /** Its account and its invitations: rows name it by one of these. */
  readonly ids: readonly string[];
  /** All names that it went by. */
  readonly names: readonly string[];
}

/** A column that may hold something of a person. */
export interface PersonalField {
  readonly column: `${string}.${string}`;
  /** What it holds, and of whom. */
  readonly what: string;
}

/** Rows of a person, as it is handed them. */
export interface PersonalExport {
  readonly table: string;
  readonly rows: readonly object[];
  /** There are more than `exportRowsMax`. */
  readonly truncated: boolean;
}

/** What a module keeps of people, and how it is handed out and erased: the slot `privacy` of `Module`. */
export interface PersonalData {
  readonly fields: readonly PersonalField[];
  readonly export: (tx: Tx, person: Person) => Promise<PersonalExport>;
  /**
   * Deletes rows that are the person's alone, and writes `alias` in its place where a record must stay.
   * @returns how many rows it changed
   * @throws conflict: something must be done first, in words
   */
  readonly erase: (tx: Tx, person: Person, alias: string) => Promise<number>;
}

export const exportRowsMax = 100_000;
