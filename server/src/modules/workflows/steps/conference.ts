import { createHash } from 'node:crypto';
import Type from 'typebox';
import { defineStepKind } from '../step-kind.ts';

const codeLength = 10;

export const conference = defineStepKind({
  kind: 'conference',
  label: 'Open a call',
  help: 'Puts the address of a call on the timeline, where all who work on the incident meet. The code makes it hard to guess.',
  schema: Type.Object(
    {
      url: Type.String({
        title: 'Address',
        description: '{number} becomes the number of the incident, {code} a code of its own.',
        pattern: '^https://',
        patternHelp: 'Begin with https://.',
        examples: ['https://meet.example.com/incident-{number}-{code}'],
        maxLength: 500,
      }),
    },
    { additionalProperties: false },
  ),
  fixture: { url: 'https://meet.example.com/incident-{number}-{code}' },
  words: ({ url }) => `Open a call at ${new URL(url).host}.`,
  async run({ incident, stepId, workflow }, { url }) {
    // Made of the workflow's secret, so that nobody who knows the step can guess it.
    const code = createHash('sha256')
      .update(`${workflow.secret} ${stepId}`)
      .digest('hex')
      .slice(0, codeLength);
    const address = url.replaceAll('{number}', String(incident.number)).replaceAll('{code}', code);
    return { outcome: 'done', answer: `Meet at ${address}` };
  },
});
