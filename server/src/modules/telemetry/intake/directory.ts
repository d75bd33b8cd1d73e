import { hashSecret } from '#platform/ids';

/** What intake must know of a device to take its heartbeat without asking the database. */
export interface DeviceEntry {
  readonly key: number;
  readonly id: string;
  readonly slug: string;
  readonly organizationId: string;
  readonly organizationSlug: string;
  readonly siteId: string;
  readonly siteSlug: string;
  /** Known, and no longer listened to. */
  readonly retired: boolean;
}

/** A device by the names in a payload: organization and device, each a slug or an id. */
export interface DeviceName {
  readonly organization: string;
  readonly device: string;
}

/** Reads many at once; the answer has one place for each question, undefined where there is no such device. */
export interface DirectorySource {
  byTokenHashes(hashes: readonly Buffer[]): Promise<(DeviceEntry | undefined)[]>;
  byNames(names: readonly DeviceName[]): Promise<(DeviceEntry | undefined)[]>;
}

export interface Directory {
  /** What is at hand: undefined means "not known", null "known not to exist". */
  peekToken(token: string): DeviceEntry | null | undefined;
  peekName(organization: string, device: string): DeviceEntry | null | undefined;
  findToken(token: string): Promise<DeviceEntry | null>;
  findName(organization: string, device: string): Promise<DeviceEntry | null>;
  forget(deviceIds: readonly string[]): void;
  /** Something new may exist now. */
  forgetAbsent(): void;
  forgetAll(): void;
}

/** Entries per generation: two of them are held, so the most active stay and memory is bounded. */
const entriesMax = 150_000;
/** How long an entry is believed when no change is heard of; live changes and resync empty it sooner. */
const believedMs = 10 * 60_000;
/** A token or name that does not exist is asked for again after this: someone may just be adding it. */
const absentMs = 5_000;
const loadsMax = 500;
/** Names known not to exist; a flood of made-up ones must not push real ones out. */
const absentMax = 10_000;
/** Changes remembered one by one; after so many everything is read anew. */
const changesMax = 10_000;

interface Held {
  readonly entry: DeviceEntry;
  readonly until: number;
  /** The change that had been heard of last when this was read. */
  readonly epoch: number;
}

/** Tokens are looked up as they came, without hashing: this runs once per heartbeat. */
export function createDirectory(source: DirectorySource, monotonic: () => number): Directory {
  const tokens = createShelf<Buffer>(source.byTokenHashes, monotonic);
  const names = createShelf<DeviceName>(source.byNames, monotonic);
  return {
    peekToken: (token) => tokens.peek(token),
    peekName: (organization, device) => names.peek(nameKey(organization, device)),
    findToken: (token) => tokens.find(token, hashSecret(token)),
    findName: (organization, device) => names.find(nameKey(organization, device), { organization, device }),
    forget(deviceIds) {
      tokens.forget(deviceIds);
      names.forget(deviceIds);
    },
    forgetAbsent() {
      names.forget([]);
    },
    forgetAll() {
      tokens.clear();
      names.clear();
    },
  };
}

function nameKey(organization: string, device: string): string {
  return `${organization}\n${device}`;
}

interface Shelf<Question> {
  peek(key: string): DeviceEntry | null | undefined;
  find(key: string, question: Question): Promise<DeviceEntry | null>;
  forget(deviceIds: readonly string[]): void;
  clear(): void;
}

interface Waiting<Question> {
  readonly question: Question;
  readonly answer: Promise<DeviceEntry | null>;
  readonly resolve: (entry: DeviceEntry | null) => void;
  readonly reject: (error: unknown) => void;
}

/** Two generations: what is used moves to the young one; when that is full the old one goes. */
function createShelf<Question>(
  load: (questions: readonly Question[]) => Promise<(DeviceEntry | undefined)[]>,
  monotonic: () => number,
): Shelf<Question> {
  let young = new Map<string, Held>();
  let old = new Map<string, Held>();
  const absent = new Map<string, number>();
  const changes = new Map<string, number>();
  let epoch = 0;
  let waiting = new Map<string, Waiting<Question>>();
  let scheduled = false;

  function hold(key: string, held: Held): void {
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

  function peek(key: string): DeviceEntry | null | undefined {
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
      const { promise, resolve, reject } = Promise.withResolvers<DeviceEntry | null>();
      waiting.set(key, { question, answer: promise, resolve, reject });
      schedule();
      return promise;
    },
    forget(deviceIds) {
      if (changes.size + deviceIds.length > changesMax) return clear();
      epoch += 1;
      absent.clear();
      for (const id of deviceIds) changes.set(id, epoch);
    },
  };
}
