import {
  durationSeconds,
  type WorkflowBody,
  type WorkflowConditions,
  type WorkflowMode,
  type WorkflowTrigger,
  workflowAgeSecondsMax,
  workflowStepSecondsMax,
} from '@watchkeeper/contracts';
import { durationWords } from '@watchkeeper/contracts/figures';
import type { Ctx } from '#platform/context';
import { type FieldError, invalidField, invalidFields } from '#platform/errors';
import type { KindConfig } from '#platform/kinds/registry';
import { OutboundRefused } from '#platform/outbound/outbound';
import { stepKinds } from '../registry.ts';

const timeoutSecondsDefault = 30;
const runsPerHourDefault = 20;

export interface Step {
  readonly kind: string;
  readonly config: KindConfig;
  readonly timeout: number;
  readonly on_failure: 'continue' | 'stop';
}

/** A workflow as somebody wants it, parsed and with its defaults. */
export interface Definition {
  readonly name: string;
  readonly mode: WorkflowMode;
  readonly trigger: WorkflowTrigger;
  readonly conditions: WorkflowConditions;
  readonly steps: readonly Step[];
  readonly runs_per_hour: number;
}

/** @throws validation_failed or unknown_field, naming each field */
export async function parseWorkflow(ctx: Pick<Ctx, 'outbound'>, body: WorkflowBody): Promise<Definition> {
  refuseTrigger(body.trigger);
  const steps: Step[] = [];
  for (const [index, step] of body.steps.entries()) steps.push(await parseStep(ctx, step, `steps.${index}`));
  return {
    name: body.name.trim(),
    mode: body.mode ?? 'off',
    trigger: body.trigger,
    conditions: body.conditions ?? {},
    steps,
    runs_per_hour: body.runs_per_hour ?? runsPerHourDefault,
  };
}

function refuseTrigger({ on, after, priority }: WorkflowTrigger): void {
  const errors: FieldError[] = [];
  if (on === 'priority' && priority === undefined)
    errors.push({ field: 'trigger.priority', message: 'is required for "priority"' });
  if (on === 'age') {
    const seconds = after === undefined ? undefined : durationSeconds(after);
    if (seconds === undefined) errors.push({ field: 'trigger.after', message: 'is required for "age"' });
    else if (seconds > workflowAgeSecondsMax)
      errors.push({
        field: 'trigger.after',
        message: `must be at most ${workflowAgeSecondsMax / 86_400} days`,
      });
  }
  if (errors.length > 0) throw invalidFields(errors);
}

async function parseStep(
  ctx: Pick<Ctx, 'outbound'>,
  step: WorkflowBody['steps'][number],
  field: string,
): Promise<Step> {
  const kind = stepKinds.get(step.kind);
  const config = stepKinds.parse(kind, step.config);
  for (const name of kind.urls ?? []) await vet(ctx, config[name], `${field}.config.${name}`);
  const timeout = step.timeout === undefined ? timeoutSecondsDefault : durationSeconds(step.timeout);
  if (timeout < 1 || timeout > workflowStepSecondsMax)
    throw invalidField(`${field}.timeout`, `must be from 1 to ${workflowStepSecondsMax} seconds`);
  return { kind: kind.kind, config, timeout, on_failure: step.on_failure ?? 'continue' };
}

/** A name that does not resolve today is let through: each call vets it again. */
async function vet(ctx: Pick<Ctx, 'outbound'>, url: unknown, field: string): Promise<void> {
  try {
    if (typeof url === 'string') await ctx.outbound.vet(url);
  } catch (error) {
    if (error instanceof OutboundRefused) throw invalidField(field, error.message);
  }
}

/** "Run router-ping now." A step of a kind that a newer release made is named by its kind. */
export function stepWords({ kind, config }: Pick<Step, 'kind' | 'config'>): string {
  return stepKinds.find(kind)?.words(config) ?? kind;
}

/** "When the priority of an incident is P2 or more urgent; only at dartmouth." */
export function triggerWords(trigger: WorkflowTrigger, conditions: WorkflowConditions): string {
  const only = conditionWords(conditions);
  return `${momentWords(trigger)}${only.length === 0 ? '' : `; only ${only.join(', ')}`}.`;
}

function momentWords({
  on,
  priority,
  verdicts,
  confidence_min: sure,
  after,
  unacknowledged,
}: WorkflowTrigger) {
  switch (on) {
    case 'opened':
      return 'When an incident opens';
    case 'resolved':
      return 'When an incident is over';
    case 'priority':
      return `When the priority of an incident is ${priority === 'P1' ? 'P1' : `${priority} or more urgent`}`;
    case 'verdict': {
      const which = (verdicts ?? []).map((kind) => kind.replaceAll('_', ' ')).join(' or ');
      const how = sure === undefined ? '' : `, with a confidence of at least ${Math.round(sure * 100)} %`;
      return `When the likely cause is ${which === '' ? 'known' : which}${how}`;
    }
    case 'age': {
      const long = durationWords(durationSeconds(after ?? 0));
      return unacknowledged === true
        ? `When nobody has acknowledged an incident for ${long}`
        : `When an incident is still there after ${long}`;
    }
  }
}

function conditionWords({ severity_min, priority_min, sites, types, hours }: WorkflowConditions): string[] {
  return [
    ...(severity_min === undefined ? [] : [`from severity ${severity_min} on`]),
    ...(priority_min === undefined ? [] : [`from ${priority_min} on`]),
    ...(sites === undefined || sites.length === 0 ? [] : [`at ${sites.join(', ')}`]),
    ...(types === undefined || types.length === 0 ? [] : [`with ${types.join(', ')}`]),
    ...(hours === undefined ? [] : [`while the site is ${hours}`]),
  ];
}
