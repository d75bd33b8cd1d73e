import Type, { type Static } from 'typebox';
import { Nullable } from './common.ts';
import { weekdays } from './inventory.ts';

/** Names that a channel's matcher may test, besides labels (`label:<name>`). */
export const routedNames = ['site', 'area', 'device', 'type', 'severity', 'priority'] as const;

export const matchersMax = 50;
const valueCharsMax = 200;

export const ChannelMatcher = Type.Object(
  {
    name: Type.String({
      pattern: `^(${routedNames.join('|')}|label:[A-Za-z_][A-Za-z0-9_.-]{0,99})$`,
      description:
        'site, area or device (slug; an area by its name), type (of the rule), severity, priority, or label:<name>.',
    }),
    op: Type.Enum(['is', 'is_not']),
    value: Type.String({ minLength: 1, maxLength: valueCharsMax }),
  },
  { additionalProperties: false },
);
export type ChannelMatcher = Static<typeof ChannelMatcher>;

const clock = (description: string) => Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$', description });

export const ChannelHours = Type.Object(
  {
    weekdays: Type.Array(Type.Enum([...weekdays]), {
      minItems: 1,
      maxItems: 7,
      uniqueItems: true,
      description: 'The days on which the hours begin.',
    }),
    from: clock('Such as 08:00.'),
    to: clock(
      'Such as 18:00. Not later than `from`: it is a time of the next day, and the same time is a whole day.',
    ),
    timezone: Nullable(
      Type.String({
        minLength: 1,
        maxLength: 64,
        description: 'IANA name; null: the one of the site, and UTC without a site.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type ChannelHours = Static<typeof ChannelHours>;

export const ChannelRouting = Type.Object(
  {
    matchers: Type.Array(ChannelMatcher, {
      maxItems: matchersMax,
      description:
        'All names must match. Several values of a name with `is`: one of them. With `is_not`: none of them, where the subject has one value; something else as well, where it has several.',
    }),
    hours: Nullable(ChannelHours),
  },
  {
    additionalProperties: false,
    description:
      'For which openings the channel is told. Escalations that name it and ends of what it was told are sent anyway. The notification log says when it left somebody out.',
  },
);
export type ChannelRouting = Static<typeof ChannelRouting>;
