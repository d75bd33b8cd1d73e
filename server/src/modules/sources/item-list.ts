import type { Static, TSchema } from 'typebox';
import { SourceFault, shapeFault } from './call.ts';

/** How many odd items are reported one by one. The others are only counted. */
const toldMax = 5;

/** An item of an unexpected shape. */
export interface OddItem {
  readonly value: unknown;
  readonly why: string;
}

/**
 * The items of a third party's list, validated one by one. An odd item is left out and reported; it never fails the
 * whole reading. Unknown fields and nulls are not odd: the schema names only the fields that an item must have.
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

  /** The items of a page that have the expected shape. */
  add(items: readonly unknown[]): Static<S>[] {
    return items.flatMap((item) => {
      const why = shapeFault(this.#schema, item);
      if (why === undefined) {
        this.#good += 1;
        // Safe because the validator of this schema found no fault.
        return [item as Static<S>];
      }
      this.#first ??= why;
      this.#odd.push({ value: item, why });
      return [];
    });
  }

  /** @throws SourceFault when there are items and none has the expected shape: then it is a different kind of list. */
  requireAny(): void {
    if (this.#first !== undefined && this.#good === 0)
      throw new SourceFault(`${this.#where} gave an answer of an unexpected shape: ${this.#first}.`);
  }

  /** The reports about odd items. */
  warnings(): string[] {
    const told = this.#odd
      .slice(0, toldMax)
      .map(({ why }) => `An item of ${this.#where} could not be read: ${why}.`);
    const more = this.#odd.length - told.length;
    return more > 0 ? [...told, `${more} more items of ${this.#where} could not be read.`] : told;
  }
}

/** A field of a value of unknown type. */
export function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
