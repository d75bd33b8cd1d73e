import path from 'node:path';
import { builtin } from './builtin.ts';

const { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeSync } =
  builtin('node:fs');

/** Items per file. A file is sent as one body; the server accepts twice as many. */
export const segmentItemsMax = 500;
/** About five weeks of one heartbeat per minute. Beyond this, the oldest file is deleted and its items are counted. */
export const queueBytesMax = 16 * 1_024 * 1_024;

export interface Queue<Item> {
  /** The item is on disk when this returns. */
  add(item: Item): void;
  /** The items of the oldest file, in order; undefined when nothing waits. `done` deletes the file. */
  oldest(): { items: Item[]; done(): void } | undefined;
  readonly length: number;
  /** Items deleted because the queue was full, since this process started. */
  readonly dropped: number;
}

interface Segment {
  readonly file: string;
  count: number;
  bytes: number;
}

/**
 * A first-in, first-out queue in files of lines below `dataDir`. A process that is killed between sending a file and
 * deleting it sends the file again, but the server counts each sequence number once.
 */
export function openQueue<Item>(dataDir: string): Queue<Item> {
  const folder = path.join(dataDir, 'queue');
  mkdirSync(folder, { recursive: true });
  const segments: Segment[] = readdirSync(folder)
    .filter((name) => /^\d{12}\.ndjson$/.test(name))
    .sort()
    .map((name) => {
      const file = path.join(folder, name);
      return { file, count: readItems(file).length, bytes: statSync(file).size };
    });
  let number = Number(path.basename(segments.at(-1)?.file ?? '0', '.ndjson'));
  /** Only a file of this process is appended to. An older one may end with half a line. */
  let open: { segment: Segment; descriptor: number } | undefined;
  let dropped = 0;

  function start(): { segment: Segment; descriptor: number } {
    number += 1;
    const file = path.join(folder, `${String(number).padStart(12, '0')}.ndjson`);
    const segment = { file, count: 0, bytes: 0 };
    segments.push(segment);
    return { segment, descriptor: openSync(file, 'a', 0o600) };
  }

  function seal(): void {
    if (open !== undefined) closeSync(open.descriptor);
    open = undefined;
  }

  function remove(segment: Segment): void {
    if (open?.segment === segment) seal();
    segments.splice(segments.indexOf(segment), 1);
    rmSync(segment.file, { force: true });
  }

  return {
    add(item) {
      open ??= start();
      const line = Buffer.from(`${JSON.stringify(item)}\n`);
      writeSync(open.descriptor, line);
      fsyncSync(open.descriptor);
      open.segment.count += 1;
      open.segment.bytes += line.length;
      if (open.segment.count >= segmentItemsMax) seal();
      while (segments.length > 1 && total(segments, 'bytes') > queueBytesMax) {
        const [first] = segments;
        if (first === undefined) break;
        dropped += first.count;
        remove(first);
      }
    },
    oldest() {
      const [first] = segments;
      if (first === undefined) return undefined;
      if (open?.segment === first) seal();
      // Safe because only `add` of this version writes the file, and an incomplete line is left out.
      return { items: readItems(first.file) as Item[], done: () => remove(first) };
    },
    get length() {
      return total(segments, 'count');
    },
    get dropped() {
      return dropped;
    },
  };
}

function total(segments: readonly Segment[], of: 'count' | 'bytes'): number {
  return segments.reduce((sum, segment) => sum + segment[of], 0);
}

/** After a power cut, the last line may be incomplete. */
function readItems(file: string): unknown[] {
  const items: unknown[] = [];
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line === '') continue;
    try {
      items.push(JSON.parse(line));
    } catch {
      // The line was never acknowledged and cannot be read.
    }
  }
  return items;
}
