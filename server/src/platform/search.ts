import type { SearchKind } from '@watchkeeper/contracts/search';
import type { RawBuilder } from 'kysely';

/** One kind of thing that the search finds. Its rows are `a`, and the site of each is `s` unless `site` is false. */
export interface SearchPart {
  readonly kind: SearchKind;
  /** Among equally good hits the smaller comes first. */
  readonly order: number;
  readonly from: (organizationId: string) => RawBuilder<unknown>;
  readonly site?: boolean;
  readonly where?: RawBuilder<unknown>;
  /** These stand as columns of `a` where they are not given. */
  readonly owner?: RawBuilder<unknown>;
  readonly slug?: RawBuilder<unknown>;
  readonly name?: RawBuilder<unknown>;
  readonly status?: RawBuilder<unknown>;
  readonly at?: RawBuilder<unknown>;
}
