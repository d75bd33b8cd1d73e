import Type, { type Static } from 'typebox';
import { Id, Nullable } from './common.ts';

export const searchKinds = [
  'site',
  'area',
  'device',
  'alert',
  'incident',
  'rule',
  'channel',
  'check',
  'source',
  'maintenance',
  'member',
] as const;
export type SearchKind = (typeof searchKinds)[number];

export const searchTextMax = 100;

export const SearchQuery = Type.Object(
  {
    q: Type.String({
      minLength: 1,
      maxLength: searchTextMax,
      pattern: '\\S',
      description: 'Words that must all occur in the name, the slug or the name of the site.',
    }),
  },
  { additionalProperties: false },
);

export const SearchHit = Type.Object({
  kind: Type.Enum([...searchKinds]),
  id: Id,
  slug: Nullable(Type.String()),
  name: Type.String(),
  site: Nullable(Type.Object({ slug: Type.String(), name: Type.String() })),
  status: Nullable(
    Type.String({
      description:
        'Of a device, alert, check or source its status, of a rule or channel enabled or disabled, of a member the role.',
    }),
  ),
  at: Nullable(Type.String({ format: 'date-time', description: 'When an alert was opened.' })),
});
export type SearchHit = Static<typeof SearchHit>;

export const SearchAnswer = Type.Object({
  data: Type.Array(SearchHit, { description: 'Best first; a few of each kind.' }),
});
export type SearchAnswer = Static<typeof SearchAnswer>;
