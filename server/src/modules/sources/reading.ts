import type { Witness } from '@watchkeeper/contracts/device-status';
import type { ObservedState } from '@watchkeeper/contracts/sources';

/** One device that the third party knows, in our terms. */
export interface SourceObject {
  readonly externalId: string;
  readonly name: string;
  readonly hostname?: string | null;
  /** Lower case, with colons. */
  readonly macs?: readonly string[];
  readonly state: Exclude<ObservedState, 'missing'>;
  /** Why the state is unknown. */
  readonly reason?: string;
  /** When the state began, if the third party says so. Otherwise the first reading with this state counts. */
  readonly since?: Date | null;
  readonly whenAbsent: 'offline' | 'missing';
  /** Fields that are left out here keep their value from the reading before. */
  readonly details: Readonly<Record<string, unknown>>;
}

/**
 * The types of the items that sources read, by the sink that receives them. A new type is one line here, and its sink.
 */
export interface ReadItems {
  readonly devices: SourceObject;
}
export type SinkName = keyof ReadItems;

/** How a kind describes one of its items to users, by sink. */
export interface ItemWords {
  readonly devices: DeviceWords;
}

/** Describes the check kind that judges one device by this source kind. */
export interface DeviceWords {
  readonly label: string;
  readonly help: string;
  /** How much its reports count among what is said about a device. */
  readonly witness: Witness;
  /** A complete, valid config of such a check. */
  readonly example: { readonly source: string; readonly ref: string };
}

export type Bookmark = Readonly<Record<string, unknown>>;

export interface Reading<Item = ReadItems[SinkName]> {
  readonly objects: readonly Item[];
  /** Everything was seen. Only then can a missing object count as gone. */
  readonly complete: boolean;
  /** What could not be read, for the person who maintains the source. */
  readonly warnings: readonly string[];
  readonly bookmark: Bookmark;
}
