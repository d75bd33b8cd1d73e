import Type from 'typebox';
import { defineStepKind } from '../step-kind.ts';
import { handOver } from '../telling/message-store.ts';

export const notify = defineStepKind({
  kind: 'notify',
  label: 'Tell somebody',
  help: 'Sends a message about the incident to channels, once. The notification log says who got it, and who did not and why.',
  schema: Type.Object(
    {
      channels: Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
        title: 'Channels',
        description: 'Names, ids, or kinds (all channels of that kind).',
        minItems: 1,
        maxItems: 20,
        uniqueItems: true,
      }),
      text: Type.String({
        title: 'Text',
        description: 'Stands above the facts of the incident.',
        maxLength: 500,
        default: '',
      }),
    },
    { additionalProperties: false },
  ),
  fixture: { channels: ['Front desk'], text: 'Please look at the fuse box behind bay 1.' },
  words: ({ channels }) => `Tell ${channels.join(', ')}.`,
  async run(work, { channels, text }) {
    await handOver(work, { channels, text });
    return { outcome: 'done', answer: `Handed over for ${channels.join(', ')}.` };
  },
});
