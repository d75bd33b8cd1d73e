import { workflowStepItemsMax } from '@watchkeeper/contracts';
import Type from 'typebox';
import { putChecklist } from '../checklists/store.ts';
import { defineStepKind } from '../step-kind.ts';

export const runbook = defineStepKind({
  kind: 'runbook',
  label: 'Add a checklist',
  help: 'Puts a runbook and its checklist on the incident. People tick the items there, and see who did what.',
  schema: Type.Object(
    {
      title: Type.String({ title: 'Title', minLength: 1, maxLength: 200, pattern: '\\S' }),
      url: Type.Optional(
        Type.String({
          title: 'Address of the runbook',
          pattern: '^https?://',
          patternHelp: 'Begin with https:// or http://.',
          maxLength: 2_000,
        }),
      ),
      items: Type.Array(Type.String({ minLength: 1, maxLength: 300, pattern: '\\S' }), {
        title: 'Items',
        description: 'What to do, in order.',
        maxItems: workflowStepItemsMax,
        default: [],
      }),
    },
    { additionalProperties: false },
  ),
  fixture: {
    title: 'Power loss',
    url: 'https://wiki.example.com/power-loss',
    items: ['Look at the fuse box', 'Call the landlord', 'Put a note on the door'],
  },
  words: ({ title, items }) => `Add "${title}" with ${items.length} items.`,
  async run({ ctx, scope, incident, stepId }, { title, url, items }) {
    await ctx.db.tenant(scope.organizationId, (tx) =>
      putChecklist(tx, {
        organizationId: scope.organizationId,
        id: stepId,
        incidentId: incident.id,
        title,
        url: url ?? null,
        items,
        at: new Date(ctx.clock.now()),
      }),
    );
    return { outcome: 'done', answer: url === undefined ? `"${title}" is below.` : `"${title}": ${url}` };
  },
});
