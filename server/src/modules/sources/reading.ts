import type { Witness } from '@watchkeeper/contracts/device-status';
import type { ObservedState } from '@watchkeeper/contracts/sources';

/** One device that the third party knows, in our words. */
export interface SourceObject {
  readonly externalId: string;
  readonly name: string;
  readonly hostname?: string | null;
  /** Lower case, with colons. */
  readonly macs?: readonly string[];
  readonly state: Exclude<ObservedState, 'missing'>;
  /** Why it is unknown. */
  readonly reason?: string;
  /** Since when, where the third party says so; else the first reading that said so counts. */
  readonly since?: Date | null;
  readonly whenAbsent: 'offline' | 'missing';
  /** What is left out here stays as the reading before said. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** What kinds of sources read, by the sink that takes it: another sort of thing is one line here, and its sink. */
export interface ReadItems {
  readonly devices: SourceObject;
}
export type SinkName = keyof ReadItems;

/** How a kind speaks of one thing that it reads to those who use it, by sink. */
export interface ItemWords {
  readonly devices: DeviceWords;
}

/** The kind of checks that judge one device by what this kind of source says of it. */
export interface DeviceWords {
  readonly label: string;
  readonly help: string;
  /** How its word counts among what is said of a device. */
  readonly witness: Witness;
  /** A complete valid config of such a check. */
  readonly example: { readonly source: string; readonly ref: string };
}

export type Bookmark = Readonly<Record<string, unknown>>;

export interface Reading<Item = ReadItems[SinkName]> {
  readonly objects: readonly Item[];
  /** Everything there is was seen. Only then does a missing object say something. */
  readonly complete: boolean;
  /** What could not be read of it, for whoever looks after the source. */
  readonly warnings: readonly string[];
  readonly bookmark: Bookmark;
}
