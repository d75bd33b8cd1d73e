import { defineTopic } from './topic.ts';

interface Weather {
  readonly city: string;
  readonly sky: string;
}

/** A topic that has nothing to do with alerts, as a module of the next release would bring it. */
export const weather = defineTopic<Weather>({
  topic: 'weather',
  version: 1,
  // Safe because facts of this version were made as this type says.
  readFacts: (version, facts) => (version === 1 ? (facts as Weather) : undefined),
  titleOf: ({ city }) => `Weather in ${city}`,
  wakes: [],
  plan: async () => 0,
  toneOf: () => 'weather',
  render: ({ publicUrl, items, can: _can, ...rest }) => ({
    ...rest,
    title: items.map(({ city, sky }) => `${city}: ${sky}`).join(', '),
    lines: [],
    url: `${publicUrl}/weather`,
    linkLabel: 'Look out of the window',
    actions: [],
    payload: { type: 'weather.changed', data: { cities: items.map(({ city }) => city) } },
    thread: undefined,
    list: 'weather',
  }),
  gate: {
    judges: ['cleared'],
    judgesBy: ['changed'],
    judge: (earlier) => ({ verdict: 'skip', withdraw: earlier, reason: 'The sky is blue again.' }),
    withdrawnReason: () => 'The sky changed again.',
  },
});
