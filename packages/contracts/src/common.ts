import Type, { type TSchema } from 'typebox';
import { slugPattern } from './patterns.ts';
import { namePattern, namePatternHelp } from './text.ts';

export const listLimitDefault = 50;
export const listLimitMax = 500;

export const Id = Type.String({ format: 'uuid', description: 'UUIDv7.' });
export const Timestamp = Type.String({ format: 'date-time', description: 'RFC 3339, UTC.' });
export const Slug = Type.String({
  pattern: slugPattern,
  maxLength: 63,
  description: 'Lower-case letters, digits, hyphens and underscores; begins and ends with a letter or digit.',
});
/** Device ids come from real fleets: upper case, dots, colons and underscores are accepted. */
export const DeviceSlug = Type.String({
  pattern: '^[A-Za-z0-9](?:[A-Za-z0-9._:-]{0,126}[A-Za-z0-9])?$',
  maxLength: 128,
  description: 'Letters, digits, dot, underscore, colon and hyphen; at most 128 characters.',
});
/** What people call something: a site, a device, a channel, a person. It stands in messages, so it is one line that can be seen. */
export const Name = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: namePattern,
  description: `At most 200 characters; ${namePatternHelp}.`,
});

export const Duration = Type.Union(
  [
    Type.Number({ minimum: 0, maximum: 31_536_000 }),
    Type.String({ pattern: '^\\d{1,9}(\\.\\d{1,3})?(ms|s|m|h|d)?$', maxLength: 16 }),
  ],
  { description: 'Seconds as a number, or text such as 30s, 5m, 1h, 1d.' },
);

export const ListQuery = Type.Object(
  {
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: listLimitMax, default: listLimitDefault })),
    cursor: Type.Optional(Type.String({ maxLength: 512 })),
  },
  { additionalProperties: false },
);

export function Page<T extends TSchema>(item: T) {
  return Type.Object({
    data: Type.Array(item),
    next_cursor: Type.Union([Type.String(), Type.Null()], {
      description: 'Pass as `cursor` for the next page.',
    }),
  });
}

export function Nullable<T extends TSchema>(schema: T) {
  return Type.Union([schema, Type.Null()]);
}

export const FieldErrorSchema = Type.Object({ field: Type.String(), message: Type.String() });

export const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    instance: Type.String(),
    code: Type.String({ description: 'Stable; clients branch on it.' }),
    request_id: Type.String(),
    errors: Type.Optional(Type.Array(FieldErrorSchema)),
  },
  { description: 'RFC 9457 problem details.' },
);
