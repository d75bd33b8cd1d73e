import type { FastifyRequest } from 'fastify';
import { withSnakeCase } from '#platform/http/spelling';

/** For the API reference. */
export const ruleWords =
  'Send the condition as `kind` and `config`, or in the words of operators: `metricType`, `metricCategory`, `metricName`, `condition {operator, threshold, duration}`, `channels`, `escalationRules {escalateAfter, escalateToChannels}`, durations in minutes. Names may be camelCase or snake_case, severity and type in any case. The answer has both: `kind` and `config`, and also `metric_type`, `metric_category`, `metric_name`, `condition`, `channels` and `escalation_rules`.';
export const changeWords = `A field that the body does not have stays as it is, inside \`config\`, \`condition\` and \`escalation_rules\` as well, whether by PUT or by PATCH; null or an empty list removes a value. Send \`If-Match\` with the ETag you read to be safe from other editors. Switching a rule off resolves its open alerts. ${ruleWords}`;

/**
 * A route hook for rules written as in the plans of operators: names in camelCase, inside `condition` and
 * `escalationRules` too, severity and type in any case; `escalateAfter` counts minutes.
 */
export async function acceptRuleSpelling(request: FastifyRequest): Promise<void> {
  request.body = spellRule(request.body);
}

/** The same for a rule in a file. */
export function spellRule(written: unknown): unknown {
  const body = withSnakeCase(written);
  if (!isRecord(body)) return body;
  return mapFields(body, {
    severity: inCase('lower'),
    metric_type: inCase('upper'),
    condition: withSnakeCase,
    grouping: withSnakeCase,
    escalation_rules: (rules) => withSnakeCase(withMinutes(rules)),
    config: (config) => (isRecord(config) ? mapFields(config, { metric_type: inCase('upper') }) : config),
  });
}

/**
 * Changes the body in place, and touches only the fields it looks for: a body may have a hundred thousand fields before
 * it is refused.
 */
function mapFields(
  record: Record<string, unknown>,
  maps: Readonly<Record<string, (value: unknown) => unknown>>,
): Record<string, unknown> {
  for (const [name, map] of Object.entries(maps))
    if (Object.hasOwn(record, name)) record[name] = map(record[name]);
  return record;
}

function inCase(way: 'lower' | 'upper') {
  return (value: unknown) => {
    if (typeof value !== 'string') return value;
    return way === 'lower' ? value.toLowerCase() : value.toUpperCase();
  };
}

function withMinutes(rules: unknown): unknown {
  if (!isRecord(rules) || typeof rules.escalateAfter !== 'number' || 'escalate_after_minutes' in rules)
    return rules;
  rules.escalate_after_minutes = rules.escalateAfter;
  delete rules.escalateAfter;
  return rules;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
