import { expect, test } from 'vitest';
import { stampedRows } from '#platform/clock-step';
import { type Learning, learnedTimes, learningWork } from './learning.ts';

const times = stampedRows({ table: 'levels', past: ['learned_at'] });
const learns: Learning = { everySeconds: 300, learn: async () => undefined, clockRules: [times] };
const kinds = [{ kind: 'plain' }, { kind: 'levels', learns }];

test('a kind that learns brings its own periodic work and the times in its table; others bring none', () => {
  expect(learningWork(kinds)).toMatchObject([{ name: 'alerting.learn.levels', run: learns.learn }]);
  expect(learnedTimes(kinds)).toEqual([times]);
});
