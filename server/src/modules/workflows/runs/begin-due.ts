import { loadIncidentViews } from '#modules/incidents';
import { isOpen } from '#modules/inventory';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { triggerWords } from '../definition/definition.ts';
import { lockWorkflow, type WorkflowRow } from '../definition/store.ts';
import { type EnabledWorkflow, findDue, listEnabled } from './due-store.ts';
import { countRuns, insertRun } from './run-store.ts';
import { readHours } from './site-store.ts';

const hourMs = 3_600_000;
/** Runs of one workflow that one look begins. The next look begins the rest. */
const beginsMax = 100;

type BeginCtx = Pick<Ctx, 'db' | 'clock' | 'live'>;

/**
 * Begins every workflow whose moment has come. It keeps no state: incidents and runs show what is due, and a run is a
 * row that can exist once. So any process may do it, and two may do it at once. Returns how many began.
 */
export async function beginDue(ctx: BeginCtx, signal: AbortSignal): Promise<number> {
  // Across tenants: the enabled workflows of all organizations.
  const enabled = await ctx.db.system(listEnabled);
  let begun = 0;
  for (const workflow of enabled) {
    if (signal.aborted) break;
    begun += await ctx.db.tenant(workflow.organizationId, (tx) => beginOne(ctx, tx, workflow));
  }
  return begun;
}

async function beginOne(ctx: BeginCtx, tx: Tx, { id, organizationId }: EnabledWorkflow): Promise<number> {
  const now = nowDate(ctx.clock);
  // Locked: a change of the workflow, and its limit by the hour, come before or after this.
  const workflow = await lockWorkflow(tx, organizationId, id);
  if (workflow === undefined || workflow.enabled_at === null) return 0;
  const due = await findDue(
    tx,
    { ...workflow, organizationId, enabledAt: workflow.enabled_at },
    now,
    beginsMax,
  );
  if (due.length === 0) return 0;
  let left = workflow.runs_per_hour - (await countRuns(tx, id, new Date(now.getTime() - hourMs)));
  for (const incidentId of due) {
    const refusal =
      (await wrongHours(tx, workflow, incidentId, now)) ?? (left <= 0 ? limitWords(workflow) : undefined);
    const status = refusal === undefined ? 'running' : 'skipped';
    const why = refusal ?? triggerWords(workflow.trigger, workflow.conditions);
    await insertRun(tx, { organizationId, workflow, incidentId, status, why }, now);
    if (status === 'running') left -= 1;
  }
  await ctx.live.publish(tx, { organizationId, topic: 'workflow', ids: [id] });
  return due.length;
}

function limitWords({ runs_per_hour: most }: WorkflowRow): string {
  return `Not run: it ran ${most} times within the last hour, the most that it may.`;
}

/** Opening hours are judged at the moment itself. A site without hours is always open, an incident without a site too. */
async function wrongHours(
  tx: Tx,
  { conditions }: WorkflowRow,
  incidentId: string,
  now: Date,
): Promise<string | undefined> {
  if (conditions.hours === undefined) return undefined;
  const [incident] = await loadIncidentViews(tx, [incidentId], now);
  const site = incident?.site == null ? undefined : await readHours(tx, incident.site.id);
  const open = site === undefined || isOpen(site.opening_hours, site.timezone, now).open;
  if (open === (conditions.hours === 'open')) return undefined;
  return `Not run: the site was ${open ? 'open' : 'closed'}.`;
}
