import { type ManifestRule, ManifestRules } from '@watchkeeper/contracts';
import { requirePermission } from '#modules/identity';
import {
  defineManifestSection,
  type ManifestReader,
  type ManifestRun,
  type PlannedStep,
  planEntry,
  planRemoval,
  type SectionContent,
} from '#modules/inventory';
import { AppError, type FieldError } from '#platform/errors';
import { parseRule } from './parse-rule.ts';
import { changedBody, isMeasured, tellAsWritten, type WholeRule, wholeBody } from './read-body.ts';
import { spellRule } from './rule-spelling.ts';
import { groupingOf, toSnapshot, toValues } from './rule-view.ts';
import { addRule, changeRule, dropRule } from './save-rule.ts';
import { lockRulesOfOrganization, type RuleRow, readRulesOfOrganization } from './store.ts';
import { withEscalations } from './with-escalation.ts';

/** `rules` of watchkeeper.yaml: an entry is the organization's rule of that alert type. */
const rulesSection = defineManifestSection({
  key: 'rules',
  after: 'channels',
  schema: ManifestRules,
  spell: spellRule,
  read,
  async plan(run, wanted) {
    requirePermission(run.scope, 'rules:write');
    const there = Map.groupBy(
      await withEscalations(run.ctx, run.tx, await lockRulesOfOrganization(run.tx, run.scope.organizationId)),
      (row) => row.type,
    );
    refuse(mistakesOf(wanted, there));
    const items: PlannedStep[] = [];
    for (const [index, entry] of wanted.entries())
      items.push(await planRule(run, entry, there.get(entry.type)?.[0], index));
    const named = new Set(wanted.map((entry) => entry.type));
    const extra = run.prune ? [...there.values()].flat().filter((row) => !named.has(row.type)) : [];
    return {
      items: [...items, ...extra.map((row) => planRemoval('rule', row.type, () => dropRule(run, row)))],
    };
  },
});

/** In a file the alert type identifies a rule, so rules that share their type are left out. */
async function read({ ctx, tx, scope }: ManifestReader): Promise<SectionContent> {
  const rows = await withEscalations(ctx, tx, await readRulesOfOrganization(tx, scope.organizationId));
  const byType = Map.groupBy(rows, (row) => row.type);
  const entries = [...byType.values()].flatMap((rows) => (rows.length === 1 ? rows.map(toEntry) : []));
  const shared = [...byType].filter(([, rows]) => rows.length > 1);
  return {
    entries,
    leftOut: shared.map(
      ([type, rows]) => `${rows.length} rules of the type ${type}: a file can name only one.`,
    ),
  };
}

function toEntry(row: RuleRow): Record<string, unknown> {
  return {
    type: row.type,
    name: row.name,
    kind: row.kind,
    config: row.config,
    severity: row.severity,
    enabled: row.enabled,
    auto_resolve: row.auto_resolve,
    cooldown: row.cooldown_seconds,
    site: row.site_slug,
    device_type: row.device_type_slug,
    channels: row.channels,
    grouping: groupingOf(row),
    runbook_url: row.runbook_url,
    escalation_rules: row.escalation,
  };
}

function mistakesOf(
  wanted: readonly ManifestRule[],
  there: ReadonlyMap<string, readonly RuleRow[]>,
): FieldError[] {
  return wanted.flatMap((entry, index) => {
    const field = `manifest.rules.${index}`;
    const known = there.get(entry.type) ?? [];
    const mistakes: FieldError[] = [];
    if (wanted.findIndex((other) => other.type === entry.type) !== index) {
      mistakes.push({ field: `${field}.type`, message: `"${entry.type}" is listed twice` });
    }
    if (known.length > 1)
      mistakes.push({
        field: `${field}.type`,
        message: `there are ${known.length} rules of this type; change them one by one`,
      });
    if (known.length === 0 && entry.kind === undefined && !isMeasured(entry))
      mistakes.push({
        field: `${field}.kind`,
        message: 'is required for a new rule, or a condition with a metric_type or metric_category',
      });
    return mistakes;
  });
}

async function planRule(
  run: ManifestRun,
  entry: ManifestRule,
  before: RuleRow | undefined,
  index: number,
): Promise<PlannedStep> {
  try {
    const where = { ctx: run.ctx, tx: run.tx, organizationId: run.scope.organizationId, before };
    const values = await tellAsWritten(entry, () => parseRule(where, toBody(entry, before)));
    const current = before === undefined ? undefined : toSnapshot(toValues(before));
    return planEntry('rule', entry.type, current, toSnapshot(values), () =>
      before === undefined ? addRule(run, values) : changeRule(run, before, values),
    );
  } catch (error) {
    throw error instanceof AppError ? inManifest(error, index) : error;
  }
}

/** Fields that the file does not mention stay as they are. */
function toBody(entry: ManifestRule, before: RuleRow | undefined): WholeRule {
  return before === undefined
    ? wholeBody(
        isMeasured(entry) ? { name: entry.type, ...entry } : { name: entry.type, config: {}, ...entry },
      )
    : changedBody(before, entry);
}

function inManifest(error: AppError, index: number): AppError {
  const errors = error.errors.map((one) => ({ ...one, field: `manifest.rules.${index}.${one.field}` }));
  return new AppError(error.code, `manifest.rules.${index}: ${error.message}`, { errors });
}

function refuse(mistakes: readonly FieldError[]): void {
  const [first] = mistakes;
  if (first !== undefined)
    throw new AppError('validation_failed', `${first.field}: ${first.message}.`, { errors: mistakes });
}

export const sections = [rulesSection];
