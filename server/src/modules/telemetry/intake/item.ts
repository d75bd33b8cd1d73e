import type { DeviceStatus } from '@watchkeeper/contracts';
import type { HeartbeatRecord } from '../history/record.ts';
import type { WordIds } from '../history/record-codec.ts';
import type { DeviceEntry } from './directory.ts';
import type { Placement } from './judge.ts';
import type { ReportedStatus } from './status-words.ts';

export interface Outcome {
  readonly verdict: Placement;
  readonly status: DeviceStatus;
}

/** One heartbeat on its way to the database. */
export interface IntakeItem {
  readonly device: DeviceEntry;
  /** `at` is the receipt time until the judge says otherwise. */
  readonly record: HeartbeatRecord;
  readonly reported: ReportedStatus;
  /** Knows the word numbers for this record; unknown words are stored as text. */
  readonly words: WordIds;
  /** Came in a batch: it may have waited in a buffer. */
  readonly buffered: boolean;
  /** A higher floor's arrival check wants to look at it. */
  readonly flagged: boolean;
  /** Called once, after commit, or with the reason why it was not stored. */
  readonly settle: (outcome: Outcome | Error) => void;
}
