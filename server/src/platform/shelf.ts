/** Entries per generation: two of them are held, so the most active stay and memory is bounded. */
const entriesMax = 150_000;
/** How long an entry is believed when no change is heard of; live changes and resync empty it sooner. */
const believedMs = 10 * 60_000;
/** What does not exist is asked for again after this: someone may just be adding it. */
const absentMs = 5_000;
const loadsMax = 500;
/** Keys known not to exist; a flood of made-up ones must not push real ones out. */
const absentMax = 10_000;
/** Changes remembered one by one; after so many everything is read anew. */
const changesMax = 10_000;

interface Held<Entry> {
  readonly entry: Entry;
  readonly until: number;
  /** The change that had been heard of last when this was read. */
  readonly epoch: number;
}

interface Shelved {
  readonly id: string;
}

export interface Shelf<Question, Entry> {
  /** What is known so far: undefined means "not known", null means "known not to exist". */
  peek(key: string): Entry | null | undefined;
  find(key: string, question: Question): Promise<Entry | null>;
  /** These changed, or something new may exist: nothing is taken for absent any more. */
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
 * What the hot path must know without asking the database, by key. Two generations: what is used moves to
 * the young one; when that is full the old one goes. `load` reads many at once; its answer has one place for
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
        // Held as of the moment before it was read: a change heard of meanwhile makes it stale.
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
