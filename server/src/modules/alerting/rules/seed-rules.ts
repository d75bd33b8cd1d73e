import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { newId } from '#platform/ids';
import { ruleKinds } from '../registry.ts';
import { detection } from '../transition.ts';
import { toSnapshot } from './rule-view.ts';
import { insertRevision, insertRule, listUnseeded, type RuleValues } from './store.ts';
import { fleetTemplates, type RuleTemplate } from './templates.ts';

/** Gives an organization its first rules, once. A rule that an operator edited or deleted stays so. */
export async function seedRules(
  ctx: Pick<Ctx, 'clock' | 'live'>,
  tx: Tx,
  organizationId: string,
): Promise<void> {
  if ((await listUnseeded(tx, organizationId, 1)).length === 0) return;
  await plantTemplates(ctx, tx, organizationId, fleetTemplates);
}

/** Existing rules stay as they are. */
export async function plantTemplates(
  ctx: Pick<Ctx, 'clock' | 'live'>,
  tx: Tx,
  organizationId: string,
  templates: readonly RuleTemplate[],
): Promise<void> {
  const at = new Date(ctx.clock.now());
  for (const template of templates) {
    const id = newId();
    const values = toValues(template);
    if (!(await insertRule(tx, { ...values, id, organizationId, template: true }, at))) continue;
    await insertRevision(tx, {
      organizationId,
      ruleId: id,
      version: 1,
      change: 'created',
      at,
      actor: detection,
      snapshot: toSnapshot(values),
    });
  }
  await ctx.live.publish(tx, { organizationId, topic: 'rule', ids: [] });
}

function toValues(template: RuleTemplate): RuleValues {
  return {
    ...template,
    config: ruleKinds.parse(ruleKinds.get(template.kind), template.config),
    enabled: true,
    siteId: null,
    deviceTypeId: null,
    channels: [],
    grouping: null,
    runbookUrl: null,
    escalation: null,
  };
}

const organizationsMax = 10_000;

/**
 * Gives first rules to organizations that never had a rule (an older release created them). A failure of one does not
 * stop the others.
 */
export async function seedMissingRules(ctx: Pick<Ctx, 'clock' | 'live' | 'db'>): Promise<void> {
  const organizations = await ctx.db.system((tx) => listUnseeded(tx, null, organizationsMax));
  const failures: unknown[] = [];
  for (const organizationId of organizations)
    await ctx.db
      .system((tx) => seedRules(ctx, tx, organizationId))
      .catch((error: unknown) => failures.push(error));
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} organizations could not be given their rules.`);
}
