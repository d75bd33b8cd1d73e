import type { RuleWrite } from '@watchkeeper/contracts';
import { cutText } from '@watchkeeper/contracts/text';
import { requirePermission, type Scope } from '#modules/identity';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import { environmentLimits } from '../detection/moment.ts';
import { ruleKinds } from '../registry.ts';
import { capitalized } from '../words.ts';
import { parseRule } from './parse-rule.ts';
import { tellAsWritten, wholeBody } from './read-body.ts';
import { channelWarnings } from './rule-channels.ts';
import type { SavedRule } from './rule-view.ts';
import { addRule } from './save-rule.ts';
import type { RuleValues } from './store.ts';

export async function createRule(ctx: Ctx, scope: Scope, body: RuleWrite): Promise<SavedRule> {
  requirePermission(scope, 'rules:write');
  return await ctx.db.tenant(scope.organizationId, async (tx) => {
    const place = { ctx, tx, organizationId: scope.organizationId };
    const values = await tellAsWritten(body, () => parseRule(place, wholeBody(body)));
    const named = values.name === '' ? { ...values, name: nameFrom(ctx, values) } : values;
    const row = await addRule({ ctx, tx, scope, at: nowDate(ctx.clock) }, named);
    return { row, warnings: await channelWarnings(place, row) };
  });
}

const nameCharsMax = 200;

/** A rule without a name is named after its condition: "Concurrent users > 15 for 2 min". */
function nameFrom(ctx: Ctx, { kind, config }: RuleValues): string {
  const words = ruleKinds.get(kind).describe(config, environmentLimits(ctx.config));
  return cutText(capitalized(words), nameCharsMax);
}
