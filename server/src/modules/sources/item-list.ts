import type { Static, TSchema } from 'typebox';
import { SourceFault, shapeFault } from './call.ts';

/** Odd items that are told one by one; the others are counted. */
const toldMax = 5;

/** An item that is not as expected. */
export interface OddItem {
  readonly value: unknown;
  readonly why: string;
}

/**
 * Items of a third party's list, looked at one by one: an odd one costs itself and is told, never the whole reading.
 * Fields nobody asks for and nulls are no oddities; the schema names what an item cannot do without.
 */
export class ItemList<S extends TSchema> {
  readonly #schema: S;
  readonly #where: string;
  readonly #odd: OddItem[] = [];
  #good = 0;
  #first: string | undefined;

  constructor(where: string, schema: S) {
    this.#where = where;
    this.#schema = schema;
  }

  get odd(): readonly OddItem[] {
    return this.#odd;
  }

  /** Those of a page that are as expected. */
  add(items: readonly unknown[]): Static<S>[] {
    return items.flatMap((item) => {
      const why = shapeFault(this.#schema, item);
      if (why === undefined) {
        this.#good += 1;
        // Safe because the validator of this schema has found nothing wrong with it.
        return [item as Static<S>];
      }
      this.#first ??= why;
      this.#odd.push({ value: item, why });
      return [];
    });
  }

  /** @throws SourceFault when there are items and not one is as expected: then the list is another one. */
  requireAny(): void {
    if (this.#first !== undefined && this.#good === 0)
      throw new SourceFault(`${this.#where} gave an answer of an unexpected shape: ${this.#first}.`);
  }

  /** What to tell of the odd ones. */
  warnings(): string[] {
    const told = this.#odd
      .slice(0, toldMax)
      .map(({ why }) => `An item of ${this.#where} could not be read: ${why}.`);
    const more = this.#odd.length - told.length;
    return more > 0 ? [...told, `${more} more items of ${this.#where} could not be read.`] : told;
  }
}

/** A field of what may be anything. */
export function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
