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
  /** What the last reading stored for this one. */
  readonly bookmark: Bookmark;
}

/** One third party: one file in kinds/, its test, one line in kinds/all.ts. */
export interface SourceKind<S extends TObject = TObject, R extends SinkName = SinkName> {
  /** Equals the file's name. Stored with every source, so it must never change. */
  readonly kind: string;
  readonly label: string;
  readonly help: string;
  /** The sink that receives its readings. */
  readonly reads: R;
  readonly item: ItemWords[R];
  readonly schema: S;
  readonly secrets: readonly (keyof Static<S> & string)[];
  readonly fixture: Static<S>;
  readonly check?: (config: Static<S>) => readonly { field: string; message: string }[];
  /** The hosts that it connects to. They are vetted when the source is saved. */
  readonly hosts: (config: Static<S>) => readonly NamedHost[];
  /** The target that it puts load on. Readings of one target share a concurrency limit. */
  readonly target: (config: Static<S>) => string;
  /** Reads everything, in bulk. @throws SourceFault, RateLimited, or the network's error. */
  readonly read: (config: Static<S>, deps: ReadDeps) => Promise<Reading<ReadItems[R]>>;
}

export function defineSourceKind<S extends TObject, R extends SinkName>(kind: SourceKind<S, R>): SourceKind {
  // Safe because the registry gives a kind only configs that fit its own schema, and its readings only to its own sink.
  return kind as unknown as SourceKind;
}

/** Limit of objects per source. A third party with more needs a filter. */
export const objectsMax = 20_000;

const textMax = 300;

/** A third party's text: cut to a length, without characters that PostgreSQL refuses. */
export function clean(text: unknown, max = textMax): string {
  return typeof text === 'string' ? storableText(cutText(text, max, '')) : '';
}

/** A MAC address in any spelling, as aa:bb:cc:dd:ee:ff; undefined when the text is not a MAC address. */
export function macOf(text: unknown): string | undefined {
  const digits = typeof text === 'string' ? text.toLowerCase().replaceAll(/[^0-9a-f]/g, '') : '';
  return digits.length === 12 ? (digits.match(/../g) ?? []).join(':') : undefined;
}

/** A third party's clock may be ahead of ours. A state cannot have begun in the future. */
export function notAfter(ms: number | undefined, now: number): Date | null {
  if (ms === undefined || !Number.isFinite(ms) || ms <= 0) return null;
  return new Date(Math.min(ms, now));
}

/** Why an address cannot be called, as a mistake of its field; empty when it can. */
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
