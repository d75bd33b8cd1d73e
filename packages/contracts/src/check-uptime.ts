import Type, { type Static } from 'typebox';
import { DeviceSlug, Nullable, Timestamp } from './common.ts';

const figures = {
  available_percent: Nullable(Type.Number({ description: 'null: there is no data for this time.' })),
  total_seconds: Type.Number(),
  up_seconds: Type.Number(),
  down_seconds: Type.Number(),
  maintenance_seconds: Type.Number({ description: 'Counts for neither up nor down.' }),
  unknown_seconds: Type.Number({ description: 'Counts for neither up nor down.' }),
  outages: Type.Integer(),
  longest_outage_seconds: Type.Number(),
  words: Type.String({ description: 'The formula with these numbers in it.' }),
};
export const UptimeFigures = Type.Object(figures);
export type UptimeFigures = Static<typeof UptimeFigures>;

export const CheckUptime = Type.Object({
  check: Type.String(),
  site: Nullable(DeviceSlug),
  timezone: Type.String({ description: "The site's; UTC without a site." }),
  checked_since: Timestamp,
  formula: Type.String(),
  windows: Type.Array(
    Type.Object({
      window: Type.String({ description: '24h, 7d, 30d, 90d.' }),
      from: Timestamp,
      to: Timestamp,
      clock: UptimeFigures,
      opening_hours: Nullable(
        Type.Object(figures, {
          description: 'Only the time while the site is open; null: the site has no opening hours.',
        }),
      ),
    }),
  ),
  days: Type.Array(
    Type.Object({
      date: Type.String({ description: 'A day of the site, by its calendar.' }),
      from: Timestamp,
      to: Timestamp,
      ...figures,
    }),
    { description: 'The last 90 days, oldest first, today until now.' },
  ),
});
export type CheckUptime = Static<typeof CheckUptime>;
