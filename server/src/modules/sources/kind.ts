import { cutText } from '@watchkeeper/contracts/text';
import type { Static, TObject } from 'typebox';
import type { ProbeDeps } from '#platform/exchange/probe';
import type { NamedHost } from '#platform/kinds/fields';
import { OutboundRefused } from '#platform/outbound/outbound';
import { parseTarget, targetPort } from '#platform/outbound/target';
import { storableText } from '#platform/storable';
import type { Bookmark, ItemWords, ReadItems, Reading, SinkName } from './reading.ts';
import type { SourceTokens } from './tokens.ts';

export interface ReadDeps extends ProbeDeps {
  readonly tokens: SourceTokens;
  /** What the last reading left for this one. */
  readonly bookmark: Bookmark;
}

/** One third party: one file in kinds/, its test, one line in kinds/all.ts. */
export interface SourceKind<S extends TObject = TObject, R extends SinkName = SinkName> {
  /** Equals the file's name; stored with every source, so it never changes. */
  readonly kind: string;
  readonly label: string;
  readonly help: string;
  /** The sink that takes what it reads. */
  readonly reads: R;
  readonly item: ItemWords[R];
  readonly schema: S;
  readonly secrets: readonly (keyof Static<S> & string)[];
  readonly fixture: Static<S>;
  readonly check?: (config: Static<S>) => readonly { field: string; message: string }[];
  /** Whom it connects to: looked at when the source is saved. */
  readonly hosts: (config: Static<S>) => readonly NamedHost[];
  /** Whom it bothers: readings of one target share a bound of concurrency. */
  readonly target: (config: Static<S>) => string;
  /** Reads everything, in bulk. @throws SourceFault, RateLimited, or whatever the network says. */
  readonly read: (config: Static<S>, deps: ReadDeps) => Promise<Reading<ReadItems[R]>>;
}

export function defineSourceKind<S extends TObject, R extends SinkName>(kind: SourceKind<S, R>): SourceKind {
  // Safe because the registry hands a kind only configs that passed its own schema, and its readings to its own sink.
  return kind as unknown as SourceKind;
}

/** Objects of one source; a third party with more needs a filter. */
export const objectsMax = 20_000;

const textMax = 300;

/** A third party's text: bounded, and nothing PostgreSQL would refuse. */
export function clean(text: unknown, max = textMax): string {
  return typeof text === 'string' ? storableText(cutText(text, max, '')) : '';
}

/** Six bytes in whatever spelling, as aa:bb:cc:dd:ee:ff; undefined when it is no such address. */
export function macOf(text: unknown): string | undefined {
  const digits = typeof text === 'string' ? text.toLowerCase().replaceAll(/[^0-9a-f]/g, '') : '';
  return digits.length === 12 ? (digits.match(/../g) ?? []).join(':') : undefined;
}

/** A third party's clock may run ahead of ours: what happens did not begin in the future. */
export function notAfter(ms: number | undefined, now: number): Date | null {
  if (ms === undefined || !Number.isFinite(ms) || ms <= 0) return null;
  return new Date(Math.min(ms, now));
}

/** Why an address will not be called, as its mistake; none where it will. */
export function mistakesInUrl(field: string, text: string): { field: string; message: string }[] {
  try {
    parseTarget(text);
    return [];
  } catch (error) {
    if (!(error instanceof OutboundRefused)) throw error;
    return [{ field, message: error.message.replace(/\.$/, '') }];
  }
}

/** The host of an address. */
export function hostOfUrl(field: string, text: string): NamedHost {
  const url = URL.parse(text);
  if (url === null) return { field, host: '', port: 443 };
  return { field, host: url.hostname.replace(/^\[|\]$/g, ''), port: targetPort(url) };
}
