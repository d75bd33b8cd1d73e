import type { ObservedState } from '@watchkeeper/contracts/sources';
import { cutText } from '@watchkeeper/contracts/text';
import type { Static, TObject } from 'typebox';
import type { ProbeDeps } from '#platform/exchange/probe';
import type { NamedHost } from '#platform/kinds/fields';
import { OutboundRefused } from '#platform/outbound/outbound';
import { parseTarget, targetPort } from '#platform/outbound/target';
import { storableText } from '#platform/storable';
import type { SourceTokens } from './tokens.ts';

/** One thing the third party knows, in our words. */
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

export type Bookmark = Readonly<Record<string, unknown>>;

export interface Reading {
  readonly objects: readonly SourceObject[];
  /** Everything there is was seen. Only then does a missing object say something. */
  readonly complete: boolean;
  /** What could not be read of it, for whoever looks after the source. */
  readonly warnings: readonly string[];
  readonly bookmark: Bookmark;
}

export interface ReadDeps extends ProbeDeps {
  readonly tokens: SourceTokens;
  /** What the last reading left for this one. */
  readonly bookmark: Bookmark;
}

/** One third party: one file in sources/kinds/, its test, one line in sources/kinds/all.ts. */
export interface SourceKind<S extends TObject = TObject> {
  /** Stored with every source, and the kind of the checks that judge its devices. */
  readonly kind: string;
  readonly label: string;
  readonly help: string;
  readonly schema: S;
  readonly secrets: readonly (keyof Static<S> & string)[];
  readonly fixture: Static<S>;
  readonly check?: (config: Static<S>) => readonly { field: string; message: string }[];
  /** Whom it connects to: looked at when the source is saved. */
  readonly hosts: (config: Static<S>) => readonly NamedHost[];
  /** Whom it bothers: readings of one target share a bound of concurrency. */
  readonly target: (config: Static<S>) => string;
  /** Reads everything, in bulk. @throws SourceFault, RateLimited, or whatever the network says. */
  readonly read: (config: Static<S>, deps: ReadDeps) => Promise<Reading>;
}

export function defineSourceKind<S extends TObject>(kind: SourceKind<S>): SourceKind {
  // Safe because the registry hands a kind only configs that passed its own schema.
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
