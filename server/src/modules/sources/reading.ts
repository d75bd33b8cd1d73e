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

export type Bookmark = Readonly<Record<string, unknown>>;

export interface Reading<Item = ReadItems[SinkName]> {
  readonly objects: readonly Item[];
  /** Everything there is was seen. Only then does a missing object say something. */
  readonly complete: boolean;
  /** What could not be read of it, for whoever looks after the source. */
  readonly warnings: readonly string[];
  readonly bookmark: Bookmark;
}
