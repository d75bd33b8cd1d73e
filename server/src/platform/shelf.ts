/** Entries per generation. Two generations are kept, so that the most used entries stay and memory is limited. */
const entriesMax = 150_000;
/** How long an entry is used without news of a change. Live changes and resync remove it earlier. */
const believedMs = 10 * 60_000;
/** A missing key is looked up again after this time, because it may just have been added. */
const absentMs = 5_000;
const loadsMax = 500;
/**
 * How many missing keys are remembered. They have their own limit, so that made-up keys cannot push out real entries.
 */
const absentMax = 10_000;
/** Changes remembered one by one. When there are more, everything is read again. */
const changesMax = 10_000;

interface Held<Entry> {
  readonly entry: Entry;
  readonly until: number;
  /** The number of the last known change when this was read. */
  readonly epoch: number;
}

interface Shelved {
  readonly id: string;
}

export interface Shelf<Question, Entry> {
  /** What is known so far: undefined means "not known", null means "known not to exist". */
  peek(key: string): Entry | null | undefined;
  find(key: string, question: Question): Promise<Entry | null>;
  /** These entries changed, or new ones may exist, so no key counts as missing any more. */
  forget(ids: readonly string[]): void;
  clear(): void;
}

interface Waiting<Question, Entry> {
  readonly question: Question;
  readonly answer: Promise<Entry | null>;
  readonly resolve: (entry: Entry | null) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A cache for the hot path, by key, so that it does not ask the database. Two generations: an entry that is used moves
 * to the young one; when that is full, the old one is dropped. `load` reads many at once and returns one result for
 * each question.
 */
export function createShelf<Question, Entry extends Shelved>(
  load: (questions: readonly Question[]) => Promise<(Entry | undefined)[]>,
  monotonic: () => number,
): Shelf<Question, Entry> {
  let young = new Map<string, Held<Entry>>();
  let old = new Map<string, Held<Entry>>();
  const absent = new Map<string, number>();
  const changes = new Map<string, number>();
  let epoch = 0;
  let waiting = new Map<string, Waiting<Question, Entry>>();
  let scheduled = false;

  function hold(key: string, held: Held<Entry>): void {
    if (young.size >= entriesMax) {
      old = young;
      young = new Map();
    }
    young.set(key, held);
  }

  function holdAbsent(key: string): void {
    if (absent.size >= absentMax) absent.clear();
    absent.set(key, monotonic() + absentMs);
  }

  function peek(key: string): Entry | null | undefined {
    let held = young.get(key);
    if (held === undefined) {
      held = old.get(key);
      if (held === undefined) return (absent.get(key) ?? 0) > monotonic() ? null : undefined;
      old.delete(key);
      hold(key, held);
    }
    if (held.until < monotonic() || (changes.size > 0 && (changes.get(held.entry.id) ?? 0) > held.epoch)) {
      young.delete(key);
      return undefined;
    }
    return held.entry;
  }

  async function loadWaiting(): Promise<void> {
    scheduled = false;
    const batch = [...waiting].slice(0, loadsMax);
    waiting = new Map([...waiting].slice(loadsMax));
    if (waiting.size > 0) schedule();
    const begun = epoch;
    try {
      const found = await load(batch.map(([, wait]) => wait.question));
      for (const [index, [key, wait]] of batch.entries()) {
        const entry = found[index];
        // Stored with the change number from before the read, so that a change during the read makes it stale.
        if (entry !== undefined) hold(key, { entry, until: monotonic() + believedMs, epoch: begun });
        else if (begun === epoch) holdAbsent(key);
        wait.resolve(entry ?? null);
      }
    } catch (error) {
      for (const [, wait] of batch) wait.reject(error);
    }
  }

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    setImmediate(() => void loadWaiting());
  }

  function clear(): void {
    epoch += 1;
    young.clear();
    old.clear();
    absent.clear();
    changes.clear();
  }

  return {
    peek,
    clear,
    find(key, question) {
      const held = peek(key);
      if (held !== undefined) return Promise.resolve(held);
      const asked = waiting.get(key);
      if (asked !== undefined) return asked.answer;
      const { promise, resolve, reject } = Promise.withResolvers<Entry | null>();
      waiting.set(key, { question, answer: promise, resolve, reject });
      schedule();
      return promise;
    },
    forget(ids) {
      if (changes.size + ids.length > changesMax) return clear();
      epoch += 1;
      absent.clear();
      for (const id of ids) changes.set(id, epoch);
    },
  };
}
