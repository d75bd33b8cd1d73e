import { cutText, oneLine } from '@watchkeeper/contracts/text';
import Type from 'typebox';
import { signWebhook } from '#modules/delivery';
import { OutboundRefused } from '#platform/outbound/outbound';
import { defineStepKind, type StepResult, type StepWork } from '../step-kind.ts';

const answerBytesMax = 8_192;
const answerCharsMax = 500;

export const callWebhook = defineStepKind({
  kind: 'call_webhook',
  label: 'Call a webhook',
  help: 'POSTs the incident as JSON, signed after Standard Webhooks with the secret of the workflow, and waits for the answer.',
  schema: Type.Object(
    {
      url: Type.String({
        title: 'URL',
        description: 'Answer 2xx. The first 500 characters of the answer stand on the timeline.',
        format: 'uri',
        pattern: '^https?://',
        patternHelp: 'Begin with https:// or http://.',
        examples: ['https://automation.example.com/power-loss'],
        maxLength: 2_000,
      }),
    },
    { additionalProperties: false },
  ),
  fixture: { url: 'https://automation.example.com/power-loss' },
  urls: ['url'],
  // The path may carry a token.
  words: ({ url }) => `Call ${new URL(url).host} and wait for its answer.`,
  async run(work, { url }) {
    const body = JSON.stringify(bodyOf(work));
    try {
      const response = await work.ctx.outbound.request(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...signWebhook(work.workflow.secret, work.stepId, work.ctx.clock.now(), body),
        },
        body,
        signal: work.signal,
        timeoutMs: work.timeoutMs,
        bodyBytesMax: answerBytesMax,
        redirectsMax: 0,
      });
      return resultOf(response.status, cutText(oneLine(response.body.toString('utf8')), answerCharsMax));
    } catch (error) {
      return { outcome: 'failed', answer: failureOf(error, work.timeoutMs) };
    }
  },
});

function bodyOf({ ctx, scope, incident, workflow, stepId }: StepWork): object {
  const { organization_id: _id, organization_name: _name, site_timezone: _zone, ...shown } = incident;
  return {
    type: 'workflow.step',
    timestamp: new Date(ctx.clock.now()).toISOString(),
    data: {
      organization: scope.organizationSlug,
      workflow: { id: workflow.id, name: workflow.name },
      step: stepId,
      incident: shown,
    },
  };
}

function resultOf(status: number, text: string): StepResult {
  const answer = text === '' ? `It answered ${status}.` : `It answered ${status}: ${text}`;
  return { outcome: status >= 200 && status < 300 ? 'done' : 'failed', answer };
}

function failureOf(error: unknown, timeoutMs: number): string {
  if (error instanceof OutboundRefused) return error.message;
  const name = error instanceof Error ? error.name : '';
  if (name === 'TimeoutError' || name === 'AbortError') return `No answer within ${timeoutMs / 1000} s.`;
  return 'It could not be reached.';
}
