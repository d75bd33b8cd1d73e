import { sql } from 'kysely';
import Type from 'typebox';
import { defineRuleKind } from '../kind.ts';

export const openAlertsMaxDefault = 500;
const openAlertsMaxMax = 10_000;

const schema = Type.Object(
  {
    open_max: Type.Integer({
      minimum: 1,
      maximum: openAlertsMaxMax,
      default: openAlertsMaxDefault,
      title: 'Open at a time',
      unit: 'alerts',
      description: 'More are refused, so that a script that has gone wild is noticed by its own errors.',
    }),
  },
  { additionalProperties: false },
);

/**
 * Somebody else judges: what is posted opens (alerts/post-alert.ts), nothing here does. The rule says who
 * hears of it and how often it may open again.
 */
export const external = defineRuleKind({
  kind: 'external',
  label: 'Alert by hand',
  help: 'Opens what people and programs post as an alert, under this rule’s type; alerts of types without a rule of their own fall under the rule of type "external". It is resolved by hand.',
  schema,
  fixture: { open_max: openAlertsMaxDefault },
  subjects: ['organization', 'site', 'device'],
  wakesOn: 'metrics',
  restsOnSilence: false,
  deviceStatus: null,
  // What somebody posted is over when somebody says so.
  watches: sql`true`,
  resolve: (config) => config,
  describe: ({ open_max: max }) => `somebody posts an alert (at most ${max} open at a time)`,
  signal: () => ({ label: 'Posted alerts', unit: '', limit: null, side: 'above' }),
  title: (_config, { name }) => name,
  observe: () => Promise.resolve([]),
  evaluate: () => ({ verdict: 'unknown', value: null, why: 'It is posted, not judged.', details: {} }),
  replay: () =>
    Promise.resolve({
      tracks: [],
      subjectsTotal: 0,
      notes: ['What people and programs will post cannot be known from the past.'],
    }),
});

/** What a rule of this kind says of itself. */
export function openMaxOf(config: object): number {
  return 'open_max' in config && typeof config.open_max === 'number' ? config.open_max : openAlertsMaxDefault;
}
