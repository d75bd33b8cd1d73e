import { durationWords } from '@watchkeeper/contracts/figures';
import Type from 'typebox';
import { defineStepKind } from '../step-kind.ts';

const minuteMs = 60_000;

export const planMaintenance = defineStepKind({
  kind: 'plan_maintenance',
  label: 'Draft a maintenance',
  help: 'Fills in a maintenance window for the site of the incident and puts its address on the timeline. A person plans it, or not.',
  schema: Type.Object(
    {
      minutes: Type.Integer({
        title: 'Length',
        minimum: 5,
        maximum: 10_080,
        default: 120,
        unit: 'min',
      }),
      reason: Type.String({ title: 'Reason', minLength: 1, maxLength: 300, pattern: '\\S' }),
    },
    { additionalProperties: false },
  ),
  fixture: { minutes: 120, reason: 'The line is being repaired.' },
  words: ({ minutes }) => `Draft a maintenance of ${durationWords(minutes * 60)}.`,
  async run({ ctx, scope, incident }, { minutes, reason }) {
    if (incident.site === null) return { outcome: 'failed', answer: 'The incident has no site.' };
    const from = ctx.clock.now();
    const asked = new URLSearchParams({
      location: incident.site.slug,
      start: new Date(from).toISOString(),
      end: new Date(from + minutes * minuteMs).toISOString(),
      reason,
    });
    const page = `${ctx.config.http.publicUrl}/o/${scope.organizationSlug}/maintenance/new`;
    return { outcome: 'done', answer: `A draft for ${incident.site.name} is ready: ${page}?${asked}` };
  },
});
