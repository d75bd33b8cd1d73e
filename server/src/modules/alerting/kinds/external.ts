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
      description: 'More are refused, so that a faulty script is noticed by its errors.',
    }),
  },
  { additionalProperties: false },
);

/**
 * Another system judges: alerts are opened by a request (alerts/post-alert.ts), never by detection. The rule says who
 * is notified and how soon an alert may open again.
 */
export const external = defineRuleKind({
  kind: 'external',
  label: 'Alert by hand',
  help: 'Opens alerts that people and programs post, under the type of this rule. Alerts of a type without its own rule belong to the rule of type "external". They are resolved by hand.',
  schema,
  fixture: { open_max: openAlertsMaxDefault },
  subjects: ['organization', 'site', 'device'],
  wakesOn: 'metrics',
  restsOnSilence: false,
  deviceStatus: null,
  // An alert that somebody posted ends only when somebody resolves it.
  watches: sql`true`,
  resolve: (config) => config,
  describe: ({ open_max: max }) => `somebody posts an alert (at most ${max} open at a time)`,
  signal: () => ({ label: 'Posted alerts', unit: '', limit: null, side: 'above' }),
  title: (_config, { name }) => name,
  observe: () => Promise.resolve([]),
  evaluate: () => ({ verdict: 'unknown', value: null, why: 'Posted alerts are not judged.', details: {} }),
  replay: () =>
    Promise.resolve({
      tracks: [],
      subjectsTotal: 0,
      notes: ['A backtest cannot know what people and programs will post.'],
    }),
});

/** The most open alerts that this rule allows. */
export function openMaxOf(config: object): number {
  return 'open_max' in config && typeof config.open_max === 'number' ? config.open_max : openAlertsMaxDefault;
}
