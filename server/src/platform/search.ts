import type { SearchKind } from '@watchkeeper/contracts/search';
import type { RawBuilder } from 'kysely';

/**
 * One kind of thing that the search finds. `a` is the alias of its rows, and `s` that of their sites unless `site` is
 * false.
 */
export interface SearchPart {
  readonly kind: SearchKind;
  /** Among equally good hits, smaller numbers come first. */
  readonly order: number;
  readonly from: (organizationId: string) => RawBuilder<unknown>;
  readonly site?: boolean;
  readonly where?: RawBuilder<unknown>;
  /** Default: the column of `a` with this name. */
  readonly owner?: RawBuilder<unknown>;
  readonly slug?: RawBuilder<unknown>;
  readonly name?: RawBuilder<unknown>;
  readonly status?: RawBuilder<unknown>;
  readonly at?: RawBuilder<unknown>;
}
