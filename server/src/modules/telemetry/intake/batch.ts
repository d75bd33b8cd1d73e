import type { DeviceStatus } from '@watchkeeper/contracts';
import type { Heartbeat } from '@watchkeeper/contracts/telemetry';
import type { Ctx } from '#platform/context';
import { AppError } from '#platform/errors';
import { countdown, type ItemError, toItemError } from '../items.ts';
import { isoTime, warningsOf } from './answer.ts';
import type { DeviceEntry, Directory } from './directory.ts';
import type { HeartbeatReader } from './read-heartbeat.ts';
import type { Receiver } from './receive.ts';
import { isNamed, type Resolver, type Sender } from './resolve.ts';

interface BatchDeps {
  readonly ctx: Ctx;
  readonly directory: Directory;
  readonly resolver: Resolver;
  readonly receiver: Receiver;
  readonly reader: HeartbeatReader;
}

interface ItemResult {
  index: number;
  device_id: string | null;
  accepted: boolean;
  duplicate: boolean;
  late: boolean;
  device_status: DeviceStatus | null;
  warnings?: string[];
  error?: ItemError;
}

export interface BatchAnswer {
  accepted: number;
  duplicates: number;
  late: number;
  rejected: number;
  server_time: string;
  results: ItemResult[];
}

/** Errors that are ours and pass: the whole body is refused, so that the sender keeps it and comes back. */
const passing = new Set(['database_unavailable', 'storage_full', 'overloaded', 'shutting_down', 'internal']);

/** All items share the receipt time; each has its own result, in the order of the body. */
export async function receiveBatch(
  deps: BatchDeps,
  sender: Sender,
  items: readonly unknown[],
): Promise<BatchAnswer> {
  const receivedAt = deps.ctx.clock.now();
  const results: ItemResult[] = [];
  const all = countdown(items.length);
  let failure: Error | undefined;
  for (const [index, item] of items.entries()) {
    const result: ItemResult = {
      index,
      device_id: nameOf(item),
      accepted: false,
      duplicate: false,
      late: false,
      device_status: null,
    };
    results.push(result);
    const refuse = (error: unknown) => {
      if (isPassing(error)) failure ??= error;
      result.error = toItemError(error);
      all.done();
    };
    const read = deps.reader.read(item);
    if ('error' in read) {
      result.error = read.error;
      all.done();
      continue;
    }
    const beat = read.value;
    const receive = (device: DeviceEntry) =>
      deps.receiver.receive(device, beat, {
        receivedAt,
        buffered: true,
        settle(outcome) {
          if (outcome instanceof Error) return refuse(outcome);
          result.accepted = true;
          result.duplicate = outcome.verdict === 'duplicate';
          result.late = outcome.verdict === 'late';
          result.device_status = outcome.status;
          const warnings = warningsOf(device, beat, read.warnings);
          if (warnings.length > 0) result.warnings = [...warnings];
          all.done();
        },
      });
    try {
      const known = knownDevice(deps, sender, beat);
      if (known !== undefined) receive(known);
      else deps.resolver.resolve(sender, beat).then(receive).catch(refuse);
    } catch (error) {
      refuse(error);
    }
  }
  await all.promise;
  if (failure !== undefined) throw failure;
  return summarize(results, receivedAt);
}

/** Without a promise where memory has the answer; a caller's permission is asked for once per organization. */
function knownDevice(deps: BatchDeps, sender: Sender, beat: Heartbeat): DeviceEntry | undefined {
  if (sender.kind === 'device') return isNamed(sender.device, beat) ? sender.device : undefined;
  if (sender.kind === 'open') return deps.directory.peekName(beat.tenant_id, beat.device_id) ?? undefined;
  return undefined;
}

function isPassing(error: unknown): error is Error {
  return error instanceof Error && (!(error instanceof AppError) || passing.has(error.code));
}

function nameOf(item: unknown): string | null {
  if (typeof item !== 'object' || item === null || !('device_id' in item)) return null;
  return typeof item.device_id === 'string' ? item.device_id.slice(0, 128) : null;
}

function summarize(results: ItemResult[], receivedAt: number): BatchAnswer {
  const count = (test: (result: ItemResult) => boolean) => results.filter(test).length;
  return {
    accepted: count((result) => result.accepted),
    duplicates: count((result) => result.duplicate),
    late: count((result) => result.late),
    rejected: count((result) => !result.accepted),
    server_time: isoTime(receivedAt),
    results,
  };
}
