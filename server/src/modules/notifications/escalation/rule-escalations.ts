import { durationSeconds } from '@watchkeeper/contracts';
import type { EscalationKeeper, RuleEscalation, WrittenEscalation } from '#modules/alerting';
import { invalidField } from '#platform/errors';
import { type Level, listRulesNaming, putPolicy, readPolicies, removePolicy } from './policy-store.ts';

/** The escalation in the body of a rule is stored as a policy with one level, which only this rule has. */

const minuteSeconds = 60;
const afterSecondsMax = 7 * 86_400;

export const ruleEscalations: EscalationKeeper = {
  parse: parseEscalation,
  async read(tx, ruleIds) {
    const policies = await readPolicies(tx, ruleIds);
    return new Map(
      [...policies].flatMap(([ruleId, [first]]) =>
        first === undefined ? [] : [[ruleId, toEscalation(first)]],
      ),
    );
  },
  async save(tx, { id: ruleId, organizationId, name }, escalation, at) {
    if (escalation === null) await removePolicy(tx, ruleId);
    else await putPolicy(tx, { organizationId, ruleId, name, levels: [toLevel(escalation)] }, at);
  },
  listNaming: listRulesNaming,
};

function toEscalation({ after_seconds, channels }: Level): RuleEscalation {
  return { escalate_after: after_seconds, escalate_to_channels: channels };
}

function toLevel({ escalate_after, escalate_to_channels }: RuleEscalation): Level {
  return { after_seconds: escalate_after, channels: escalate_to_channels };
}

/** Fields that the body leaves out stay as they were. @throws validation_failed naming the field */
export function parseEscalation(
  written: WrittenEscalation,
  before: RuleEscalation | null,
): RuleEscalation | null {
  const { rules } = written;
  if (rules === undefined) return before;
  if (rules === null) return null;
  const after = afterSeconds(written) ?? before?.escalate_after;
  if (after === undefined) throw invalidField('escalation_rules.escalate_after', 'is required');
  if (after > afterSecondsMax)
    throw invalidField('escalation_rules.escalate_after', `must be at most ${afterSecondsMax / 86_400} days`);
  return {
    escalate_after: after,
    escalate_to_channels: rules.escalate_to_channels ?? before?.escalate_to_channels ?? [],
  };
}

function afterSeconds({ rules, inMinutes }: WrittenEscalation): number | undefined {
  const { escalate_after: after, escalate_after_minutes: minutes } = rules ?? {};
  const seconds = after === undefined ? undefined : durationSeconds(after);
  if (minutes === undefined) return typeof after === 'number' && inMinutes ? after * minuteSeconds : seconds;
  if (seconds !== undefined && seconds !== minutes * minuteSeconds) {
    const message = 'differs from escalate_after; send only one of the two';
    throw invalidField('escalation_rules.escalate_after_minutes', message);
  }
  return minutes * minuteSeconds;
}
