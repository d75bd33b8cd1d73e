import { expect, test } from 'vitest';
import { type Changes, evaluateFlapping, trackOf } from './flapping.ts';

const at = (minutes: number) => new Date(Date.UTC(2026, 2, 2, 12, minutes));
const config = { watch: 'both' as const, transitions: 4, window_minutes: 30 };
const changes = (more: Partial<Changes> = {}): Changes => ({
  transitions: 4,
  states: ['offline', 'online'],
  last: { at: at(28), status: 'online' },
  isKnown: true,
  ...more,
});
const moment = (watchingSince: Date) => ({ now: at(30), watch: { watchingSince, intakeUp: true } });

test.each<[string, Partial<Changes>, Date, string]>([
  ['as often as the limit', {}, at(-60), 'firing'],
  ['once less', { transitions: 3 }, at(-60), 'ok'],
  ['not at all', { transitions: 0, states: [], last: null }, at(-60), 'ok'],
  ['seldom, and is not known now', { transitions: 1, isKnown: false }, at(-60), 'unknown'],
  ['often, and is not known now', { isKnown: false }, at(-60), 'firing'],
  ['seldom while we watched half of the window', { transitions: 1 }, at(10), 'unknown'],
  ['seldom since the window began', { transitions: 1 }, at(0), 'ok'],
  ['often in the part that we watched', {}, at(10), 'firing'],
])('a subject that changed %s has the right verdict', (_how, data, watchingSince, verdict) => {
  expect(evaluateFlapping(config, changes(data), moment(watchingSince)).verdict).toBe(verdict);
});

test('says how often, between which states, and the limit', () => {
  expect(evaluateFlapping(config, changes(), moment(at(-60))).why).toBe(
    'It changed between offline and online 4 times in the last 30 min, most recently to online; it must stay below 4 changes.',
  );
  const calm = changes({ transitions: 0, states: [], last: null });
  expect(evaluateFlapping(config, calm, moment(at(-60))).why).toBe(
    'It did not change in the last 30 min; the rule asks for 4 changes or more.',
  );
});

const span = { from: at(0), to: at(60), gaps: [], edges: [] };
const counts = (states: [minute: number, was: string | null, status: string][]) =>
  trackOf(
    states.map(([minute, was, status]) => ({ at: at(minute), was, status })),
    10 * 60_000,
    span,
  ).map((point) => [(point.at.getTime() - at(0).getTime()) / 60_000, point.data.transitions]);

test('a window counts the changes within it, and no others', () => {
  expect(
    counts([
      [1, 'online', 'offline'],
      [5, 'offline', 'online'],
    ]),
  ).toEqual([
    [1, 1],
    [5, 2],
    [11, 1],
    [15, 0],
  ]);
});

test.each<[string, [number, string | null, string][], number]>([
  [
    'a time of unknown is not a change',
    [
      [1, 'online', 'unknown'],
      [2, 'unknown', 'online'],
    ],
    0,
  ],
  [
    'unknown, then another state, is one change',
    [
      [1, 'online', 'unknown'],
      [2, 'unknown', 'offline'],
    ],
    1,
  ],
  [
    'maintenance is not a change',
    [
      [1, 'online', 'maintenance'],
      [2, 'maintenance', 'online'],
    ],
    0,
  ],
  ['the first state ever is not a change', [[1, 'unknown', 'online']], 0],
  [
    'the first result of a check is not a change',
    [
      [1, null, 'up'],
      [2, 'up', 'down'],
    ],
    1,
  ],
])('%s', (_what, states, most) => {
  expect(Math.max(...counts(states).map(([, count]) => count ?? 0))).toBe(most);
});

test('the judgement of a window knows the gaps in our watch', () => {
  const gaps = [{ from: at(2), to: at(6) }];
  const points = trackOf([{ at: at(1), was: 'online', status: 'offline' }], 10 * 60_000, { ...span, gaps });
  expect(points.map((point) => point.watch.watchingSince)).toEqual([at(0), at(6)]);
});
