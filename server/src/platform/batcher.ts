/**
 * Group commit: while a batch is under way, the next one gathers. A batch starts once `enough` are there,
 * or at the end of the turn of the event loop, so that requests read together go into one batch. It never
 * waits for a timer. The queue is bounded: when it is full, `add` refuses, and the caller must answer so.
 */
export interface BatcherOptions<Item> {
  /**
   * Stores a batch and answers its items. It may call `release` when they are stored, so that the next
   * batch starts while the answers are still being written.
   */
  readonly run: (items: Item[], release: () => void) => Promise<void>;
  readonly itemsMax: number;
  readonly batchesMax: number;
  readonly queueMax: number;
  /** While a batch is running, another one starts beside it only with at least this many items. */
  readonly besideMin: number;
  /**
   * This many are sent while other requests of the same turn are still being read. Otherwise the database
   * is idle for a turn, and then this process waits for the database.
   */
  readonly enough: number;
  /**
   * `run` answers its items itself, also on failure. An error that it still throws is a bug and goes here.
   */
  readonly onBug: (error: unknown) => void;
}

export interface Batcher<Item> {
  /** `moreFollow`: more items come together with this one, so it waits for them. @returns false: full. */
  add(item: Item, moreFollow?: boolean): boolean;
  /** Resolves when all added items are done. */
  drain(): Promise<void>;
  readonly queued: number;
}

export function createBatcher<Item>(options: BatcherOptions<Item>): Batcher<Item> {
  let queue: Item[] = [];
  let running = 0;
  let answering = 0;
  let scheduled = false;
  let idle: (() => void)[] = [];

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    setImmediate(startDue);
  }

  function startDue(): void {
    scheduled = false;
    while (running < options.batchesMax && queue.length >= (running === 0 ? 1 : options.besideMin)) start();
  }

  function start(): void {
    const whole = queue.length <= options.itemsMax;
    const items = whole ? queue : queue.slice(0, options.itemsMax);
    queue = whole ? [] : queue.slice(options.itemsMax);
    running += 1;
    answering += 1;
    let released = false;
    const release = () => {
      if (released) return;
      released = true;
      running -= 1;
      // Before the answers are written: that takes longer than a batch does.
      if (queue.length >= options.besideMin) start();
      else if (queue.length > 0) schedule();
    };
    options
      .run(items, release)
      .catch(options.onBug)
      .finally(() => {
        release();
        answering -= 1;
        if (answering === 0 && queue.length === 0) tellIdle();
      });
  }

  function tellIdle(): void {
    for (const resolve of idle) resolve();
    idle = [];
  }

  return {
    add(item, moreFollow = false) {
      if (queue.length >= options.queueMax) return false;
      queue.push(item);
      if (running >= options.batchesMax) return true;
      if (queue.length >= options.enough && !moreFollow) start();
      else schedule();
      return true;
    },
    drain() {
      if (answering === 0 && queue.length === 0) return Promise.resolve();
      return new Promise((resolve) => idle.push(resolve));
    },
    get queued() {
      return queue.length;
    },
  };
}
