import Type from 'typebox';
import { runNow } from '#modules/checks';
import { AppError } from '#platform/errors';
import { defineStepKind } from '../step-kind.ts';

export const runCheck = defineStepKind({
  kind: 'run_check',
  label: 'Run checks now',
  help: 'Runs checks at once instead of at their next time. What they find stands on the timeline.',
  schema: Type.Object(
    {
      checks: Type.Array(Type.String({ minLength: 1, maxLength: 128 }), {
        title: 'Checks',
        description: 'Slugs or ids.',
        minItems: 1,
        maxItems: 10,
        uniqueItems: true,
      }),
    },
    { additionalProperties: false },
  ),
  fixture: { checks: ['router-ping'] },
  words: ({ checks }) => `Run ${checks.join(', ')} now.`,
  async run({ ctx, scope, signal }, { checks }) {
    const said: string[] = [];
    let failed = false;
    for (const check of checks) {
      if (signal.aborted) return { outcome: 'failed', answer: [...said, 'The time was over.'].join(' ') };
      const found = await runOne(() => runNow(ctx, scope, check));
      failed ||= !found.ran;
      said.push(`${check}: ${found.words}`);
    }
    return { outcome: failed ? 'failed' : 'done', answer: said.join(' ') };
  },
});

/** What a check finds is an answer, also when it is bad news. Only a check that cannot run is a failure. */
async function runOne(run: () => ReturnType<typeof runNow>): Promise<{ ran: boolean; words: string }> {
  try {
    const { outcome, reason } = await run();
    return { ran: outcome !== 'unable', words: reason === null ? `${outcome}.` : `${outcome}: ${reason}` };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { ran: false, words: error.message };
  }
}
