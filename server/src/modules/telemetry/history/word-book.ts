import type { Database, Tx } from '#platform/db/database';
import { inParts } from '#platform/db/parts';
import { BrokenRecord } from './bytes.ts';
import type { WordIds, WordTexts } from './record-codec.ts';
import { insertWords, selectWords } from './word-store.ts';

/**
 * A fleet uses a few dozen words. When a fleet invents new ones without end, they are stored as text, not
 * as numbers.
 */
export const wordsMax = 4_096;
const wordLengthMax = 64;
/** Books held in memory; the one that was loaded first goes first. */
const booksMax = 5_000;

export interface Book extends WordIds, WordTexts {
  readonly ids: Map<string, number>;
  readonly texts: Map<number, string>;
  /** Whether the book should learn this word before a record uses it. */
  lacks(word: string): boolean;
}

export interface WordBooks {
  /** The book in memory; undefined when it was not read yet. */
  peek(organizationId: string): Book | undefined;
  /** Pass the transaction one is in: a second connection per caller could exhaust the pool. */
  load(organizationId: string, tx?: Tx): Promise<Book>;
  /**
   * Numbers the words in its own transaction, which is committed when this returns: a number must never
   * be taken back and given to another word, or records would change their meaning.
   */
  learn(organizationId: string, words: readonly string[]): Promise<Book>;
  /** Decodes with the book in memory, and reads it again when another process has added words. */
  read<T>(tx: Tx, organizationId: string, decode: (words: WordTexts) => T): Promise<T>;
  /** The same of many rows: undefined for one that cannot be read, so that it costs itself only. */
  readEach<Row, T>(
    tx: Tx,
    organizationId: string,
    rows: readonly Row[],
    decode: (row: Row, words: WordTexts) => T,
  ): Promise<(T | undefined)[]>;
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

class UnknownWord extends Error {}

/** Stored bytes that are no record any more: a fault of that row, and of no other. */
export function isBroken(error: unknown): boolean {
  return (
    error instanceof BrokenRecord ||
    error instanceof UnknownWord ||
    error instanceof RangeError ||
    error instanceof TypeError
  );
}

function createBook(): Book {
  const ids = new Map<string, number>();
  const texts = new Map<number, string>();
  return {
    ids,
    texts,
    idOf: (word) => ids.get(word),
    lacks: (word) => !ids.has(word) && ids.size < wordsMax && word.length <= wordLengthMax,
    textOf(id) {
      const text = texts.get(id);
      if (text === undefined) throw new UnknownWord(`Word ${id} is in no book.`);
      return text;
    },
  };
}

export function createWordBooks(db: Pick<Database, 'system'>): WordBooks {
  const books = new Map<string, Book>();
  /** A fleet's first heartbeats come together: one caller reads the book, the others wait for it. */
  const loading = new Map<string, Promise<Book>>();
  const learning = new Map<string, { words: Set<string>; done: Promise<Book> }>();

  async function refresh(organizationId: string, book: Book, tx?: Tx): Promise<void> {
    const rows =
      tx === undefined
        ? // Across tenants: intake and upkeep serve all organizations in one statement.
          await db.system((own) => selectWords(own, organizationId))
        : await selectWords(tx, organizationId);
    for (const row of rows) {
      book.ids.set(row.word, row.id);
      book.texts.set(row.id, row.word);
    }
  }

  async function load(organizationId: string, tx?: Tx): Promise<Book> {
    const known = books.get(organizationId);
    if (known !== undefined) return known;
    if (tx !== undefined) return await readBook(organizationId, tx);
    const underWay =
      loading.get(organizationId) ?? readBook(organizationId).finally(() => loading.delete(organizationId));
    loading.set(organizationId, underWay);
    return await underWay;
  }

  async function readBook(organizationId: string, tx?: Tx): Promise<Book> {
    const book = createBook();
    await refresh(organizationId, book, tx);
    const [oldest] = books.keys();
    if (books.size >= booksMax && oldest !== undefined) books.delete(oldest);
    books.set(organizationId, book);
    return book;
  }

  async function store(organizationId: string, words: ReadonlySet<string>): Promise<Book> {
    const book = await load(organizationId);
    const fresh = [...words].filter((word) => !book.ids.has(word));
    if (fresh.length === 0) return book;
    // A word that cannot be stored stays as text in each record; the other words get their numbers.
    await db.system((tx) => inParts(tx, fresh, (part) => insertWords(tx, organizationId, part, wordsMax)));
    await refresh(organizationId, book);
    return book;
  }

  async function read<T>(tx: Tx, organizationId: string, decode: (words: WordTexts) => T): Promise<T> {
    const book = await load(organizationId, tx);
    try {
      return decode(book);
    } catch (error) {
      if (!(error instanceof UnknownWord)) throw error;
      await refresh(organizationId, book, tx);
      return decode(book);
    }
  }

  return {
    peek: (organizationId) => books.get(organizationId),
    load,
    learn(organizationId, words) {
      const underWay = learning.get(organizationId);
      if (underWay !== undefined) {
        for (const word of words) underWay.words.add(word);
        return underWay.done;
      }
      const lesson = new Set(words);
      // Words requested in the same turn of the event loop are stored together.
      const done = nextTurn().then(() => {
        learning.delete(organizationId);
        return store(organizationId, lesson);
      });
      learning.set(organizationId, { words: lesson, done });
      return done;
    },
    read,
    async readEach(tx, organizationId, rows, decode) {
      try {
        return await read(tx, organizationId, (words) => rows.map((row) => decode(row, words)));
      } catch (error) {
        if (!isBroken(error)) throw error;
        // The book is as new as it gets: what is unknown now stays so.
        const book = await load(organizationId, tx);
        return rows.map((row) => decodeOrNot(row, book, decode));
      }
    },
  };
}

function decodeOrNot<Row, T>(
  row: Row,
  words: WordTexts,
  decode: (row: Row, words: WordTexts) => T,
): T | undefined {
  try {
    return decode(row, words);
  } catch (error) {
    if (!isBroken(error)) throw error;
    return undefined;
  }
}
