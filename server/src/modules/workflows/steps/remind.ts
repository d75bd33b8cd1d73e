import { durationSeconds } from '@watchkeeper/contracts';
import { durationWords } from '@watchkeeper/contracts/figures';
import Type from 'typebox';
import { defineStepKind } from '../step-kind.ts';
import { handOver } from '../telling/message-store.ts';

/** A reminder may wait this long. */
export const waitSecondsMax = 7 * 86_400;

export const remind = defineStepKind({
  kind: 'remind',
  label: 'Remind later',
  help: 'Waits, and then tells channels that the incident is still there. When it is over by then, nobody is told.',
  schema: Type.Object(
    {
      after_seconds: Type.Integer({
        title: 'After',
        description: 'Counted from the step before.',
        minimum: 1,
        maximum: waitSecondsMax,
        unit: 's',
      }),
      channels: Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
        title: 'Channels',
        description: 'Names, ids, or kinds (all channels of that kind).',
        minItems: 1,
        maxItems: 20,
        uniqueItems: true,
      }),
      text: Type.String({ title: 'Text', maxLength: 500, default: '' }),
    },
    { additionalProperties: false },
  ),
  fixture: { after_seconds: 1_800, channels: ['Front desk'], text: 'Is the line back?' },
  words: ({ after_seconds: seconds, channels }) =>
    `Wait ${durationWords(durationSeconds(seconds))}, then remind ${channels.join(', ')}.`,
  async run(work, { after_seconds: seconds, channels, text }) {
    if (!work.waited) return { outcome: 'wait', seconds, answer: `Reminds in ${durationWords(seconds)}.` };
    if (work.incident.status === 'resolved') return { outcome: 'done', answer: 'It was over by then.' };
    await handOver(work, { channels, text: text === '' ? 'Reminder: it is still open.' : text });
    return { outcome: 'done', answer: `Reminded ${channels.join(', ')}.` };
  },
});
