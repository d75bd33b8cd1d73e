import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { codeEnding } from '#platform/places';

export { refusedPattern, regexLengthMax } from './regex-syntax.ts';

/** Limit for one pattern on one text. It runs in a thread of its own, so nothing else stops meanwhile. */
const matchMsMax = 1_000;
/** Patterns that may wait for the thread, in all and per owner. */
const waitingMax = 1_024;
const waitingPerOwnerMax = 256;
/** A pattern that has waited this long is no longer tried. */
const waitMsMax = 10_000;
const threadMemoryMbMax = 128;

/**
 * `too_slow`: the pattern was stopped at the limit. `busy`: it was never tried, because too many others were waiting.
 * `refused`: why this engine does not accept it, as the end of a sentence.
 */
export type Match = 'yes' | 'no' | 'too_slow' | 'busy' | { readonly refused: string };

interface Job {
  readonly pattern: string;
  readonly text: string;
  readonly queuedAt: number;
  readonly settle: (match: Match) => void;
}

/**
 * One thread for all. Owners take turns, so that an owner with many slow patterns delays another by one pattern at
 * most.
 */
class MatchQueue {
  readonly #waiting = new Map<string, Job[]>();
  #count = 0;
  #thread: Worker | undefined;
  #isRunning = false;
  #lastOwner = '';

  match(owner: string, pattern: string, text: string): Promise<Match> {
    return new Promise((settle) => {
      const queue = this.#waiting.get(owner) ?? [];
      if (this.#count >= waitingMax || queue.length >= waitingPerOwnerMax) return settle('busy');
      queue.push({ pattern, text, queuedAt: performance.now(), settle });
      this.#waiting.set(owner, queue);
      this.#count += 1;
      if (!this.#isRunning) void this.#work();
    });
  }

  async #work(): Promise<void> {
    this.#isRunning = true;
    for (let job = this.#take(); job !== undefined; job = this.#take()) job.settle(await this.#run(job));
    this.#thread?.unref();
    this.#isRunning = false;
  }

  /** The next job, if possible of another owner than the last one. */
  #take(): Job | undefined {
    for (;;) {
      const owner = this.#waiting.keys().find((one) => one !== this.#lastOwner) ?? this.#lastOwner;
      const queue = this.#waiting.get(owner) ?? [];
      const job = queue.shift();
      // The owner goes to the end of the line, or out of it when it has no more jobs.
      this.#waiting.delete(owner);
      if (queue.length > 0) this.#waiting.set(owner, queue);
      if (job === undefined) return undefined;
      this.#lastOwner = owner;
      this.#count -= 1;
      if (performance.now() - job.queuedAt <= waitMsMax) return job;
      job.settle('busy');
    }
  }

  async #run({ pattern, text }: Job): Promise<Match> {
    try {
      this.#thread ??= await startThread();
    } catch {
      return 'busy';
    }
    const thread = this.#thread;
    thread.ref();
    thread.postMessage({ pattern, text });
    try {
      const [matched] = await once(thread, 'message', { signal: AbortSignal.timeout(matchMsMax) });
      return typeof matched === 'string' ? { refused: matched } : matched === true ? 'yes' : 'no';
    } catch {
      // The time or the memory limit was reached. The thread ends, and its work with it.
      this.#thread = undefined;
      void thread.terminate();
      return 'too_slow';
    }
  }
}

/** Resolves when the thread is ready. The time it needs to start counts for no pattern. */
async function startThread(): Promise<Worker> {
  const thread = new Worker(new URL(`./regex-thread${codeEnding}`, import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: threadMemoryMbMax },
  });
  // Without a listener, an error of the thread would end the process. The waiting job learns of the error as well.
  thread.on('error', () => undefined);
  await once(thread, 'message');
  return thread;
}

const queue = new MatchQueue();

/** Whether the pattern matches anywhere in the text. `owner`: an organization's id; owners take turns. */
export function matchPattern(owner: string, pattern: string, text: string): Promise<Match> {
  return queue.match(owner, pattern, text);
}
