import { cutText, oneLine } from '@watchkeeper/contracts/text';
import { findOrganization, systemScope } from '#modules/identity';
import { type IncidentView, loadIncidentViews, recordResponses } from '#modules/incidents';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import { AppError } from '#platform/errors';
import { stepWords } from '../definition/definition.ts';
import { findStop, findWorkflow } from '../definition/store.ts';
import { stepKinds } from '../registry.ts';
import type { StepResult } from '../step-kind.ts';
import { type ClaimedRun, claimRuns, type RunStep, type StepAnswer, saveProgress } from './run-store.ts';

/** Runs that one look works on at the same time. */
const runsMax = 20;
/** Longer than the longest step: a worker that died is replaced after this. */
const leaseSeconds = 330;
const answerCharsMax = 1_000;

/** Works on every run whose next step is due. Returns how many runs it touched. */
export async function workRuns(ctx: Ctx, signal: AbortSignal): Promise<number> {
  const claim = { now: nowDate(ctx.clock), leaseSeconds, limit: runsMax };
  // Across tenants: a waiting run names no process.
  const runs = await ctx.db.system((tx) => claimRuns(tx, claim));
  const results = await Promise.allSettled(runs.map((run) => workRun(ctx, run, signal)));
  for (const result of results)
    if (result.status === 'rejected')
      ctx.log.warn(
        { err: result.reason },
        'a run of a workflow stopped; it goes on when its lease has ended',
      );
  return runs.length;
}

/** One step after the other, each recorded before the next begins, until one waits or all are done. */
async function workRun(ctx: Ctx, run: ClaimedRun, signal: AbortSignal): Promise<void> {
  let results = run.results;
  while (!signal.aborted) {
    const waited = results.at(-1)?.outcome === 'waiting';
    const before = waited ? results.slice(0, -1) : results;
    const step = run.steps[before.length];
    if (step === undefined) return;
    const result = await answerOf(ctx, run, step, { waited, signal });
    const at = nowDate(ctx.clock);
    if (result === undefined) return await stop(ctx, run, results, at);
    const outcome = result.outcome === 'wait' ? 'waiting' : result.outcome;
    const answer = cutText(oneLine(result.answer), answerCharsMax);
    results = [...before, { outcome, answer, at: at.toISOString() }];
    const seconds = result.outcome === 'wait' ? result.seconds : 0;
    const status = statusAfter(run, step, results);
    const kept = await record(ctx, run, step, {
      status,
      results,
      dueAt: new Date(at.getTime() + seconds * 1_000),
      finishedAt: status === 'running' ? null : at,
      keeps: status === 'running' && seconds === 0,
    });
    if (!kept || status !== 'running' || seconds > 0) return;
  }
}

/** Its workflow was deleted, or the kill switch was pulled, since it began. */
async function stop(ctx: Ctx, run: ClaimedRun, results: readonly StepAnswer[], at: Date): Promise<void> {
  const progress = { status: 'stopped', results, dueAt: at, finishedAt: at, keeps: false } as const;
  await ctx.db.tenant(run.organization_id, (tx) => saveProgress(tx, run, progress));
}

function statusAfter(run: ClaimedRun, step: RunStep, results: readonly StepAnswer[]) {
  const last = results.at(-1)?.outcome;
  if (last === 'waiting') return 'running';
  if (last === 'failed' && step.on_failure === 'stop') return 'failed';
  if (results.length < run.steps.length) return 'running';
  return results.some(({ outcome }) => outcome === 'failed') ? 'failed' : 'done';
}

type Answer = StepResult | { readonly outcome: 'would'; readonly answer: string };

/** undefined: the incident or the workflow is gone, or everything was stopped. */
async function answerOf(
  ctx: Ctx,
  run: ClaimedRun,
  step: RunStep,
  { waited, signal }: { waited: boolean; signal: AbortSignal },
): Promise<Answer | undefined> {
  const found = await ctx.db.tenant(run.organization_id, async (tx) => ({
    organization: await findOrganization(tx, run.organization_id),
    workflow: await findWorkflow(tx, run.organization_id, run.workflow_id),
    stop: await findStop(tx, run.organization_id),
    incidents: await loadIncidentViews(tx, [run.incident_id], nowDate(ctx.clock)),
  }));
  const { organization, workflow, stop, incidents } = found;
  const [incident] = incidents;
  if (organization === undefined || workflow === undefined || incident === undefined || stop !== undefined)
    return undefined;
  if (run.dry_run) return { outcome: 'would', answer: `Would: ${stepWords(step)}` };
  const scope = systemScope(run.organization_id, organization.slug, run.workflow_name);
  const secret = ctx.vault.open(workflow.secret);
  return await runStep(
    ctx,
    step,
    { scope, incident, workflow: { id: workflow.id, name: workflow.name, secret }, waited },
    signal,
  );
}

async function runStep(
  ctx: Ctx,
  step: RunStep,
  given: {
    scope: ReturnType<typeof systemScope>;
    incident: IncidentView;
    workflow: { id: string; name: string; secret: string };
    waited: boolean;
  },
  signal: AbortSignal,
): Promise<StepResult> {
  const kind = stepKinds.find(step.kind);
  if (kind === undefined) return { outcome: 'failed', answer: `This release knows no step "${step.kind}".` };
  const timeoutMs = step.timeout * 1_000;
  const bound = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const work = { ctx, ...given, stepId: step.id, signal: bound, timeoutMs };
  try {
    const result = await Promise.race([kind.run(work, step.config), timeUp(bound, step.timeout)]);
    // The process stops: whoever takes the run over does the step again, under the same id.
    signal.throwIfAborted();
    return result;
  } catch (error) {
    if (signal.aborted) throw error;
    if (!(error instanceof AppError))
      ctx.log.warn({ err: error, step: step.kind }, 'a step of a workflow failed');
    return { outcome: 'failed', answer: error instanceof Error ? error.message : String(error) };
  }
}

async function timeUp(bound: AbortSignal, seconds: number): Promise<StepResult> {
  const { promise, resolve } = Promise.withResolvers<void>();
  bound.addEventListener('abort', () => resolve(), { once: true });
  await promise;
  return { outcome: 'failed', answer: `It took longer than ${seconds} s.` };
}

/** The answer, and its line on the incident's timeline, in one transaction. */
async function record(
  ctx: Ctx,
  run: ClaimedRun,
  step: RunStep,
  progress: Parameters<typeof saveProgress>[2],
): Promise<boolean> {
  const last = progress.results.at(-1);
  return await ctx.db.tenant(run.organization_id, async (tx) => {
    const actor = { kind: 'system', id: run.workflow_id, name: run.workflow_name } as const;
    const details = {
      workflow: run.workflow_id,
      run: run.id,
      step: step.kind,
      outcome: last?.outcome ?? null,
    };
    if (!(await saveProgress(tx, run, progress))) return false;
    await recordResponses(ctx, tx, [
      { incidentId: run.incident_id, why: last?.answer ?? '', details, actor },
    ]);
    await ctx.live.publish(tx, {
      organizationId: run.organization_id,
      topic: 'workflow',
      ids: [run.workflow_id],
    });
    return true;
  });
}
