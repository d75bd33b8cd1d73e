import type { RuleWrite } from '@watchkeeper/contracts';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import type { House } from '#platform/module';
import { definePart } from '#platform/parts';

/** Who is notified of a rule's alerts when nobody acknowledges them, as in the rule's body and its revisions. */
export interface RuleEscalation {
  /** Seconds since the alert opened. */
  readonly escalate_after: number;
  /** Names, kinds or ids of channels; none: the channels that were notified of the alert. */
  readonly escalate_to_channels: readonly string[];
}

/** The escalation as a body writes it. */
export interface WrittenEscalation {
  /** undefined: unchanged; null: none from now on. */
  readonly rules: RuleWrite['escalation_rules'];
  /** Whether a plain number counts minutes, because the rule uses the field names of operators' plans. */
  readonly inMinutes: boolean;
}

/**
 * A module on a higher floor that keeps the escalations of rules and acts on them. Alerting only passes them on, so
 * that a rule is written, read and audited as a whole.
 */
export interface EscalationKeeper {
  /** @throws validation_failed naming the field */
  readonly parse: (written: WrittenEscalation, before: RuleEscalation | null) => RuleEscalation | null;
  /** Rules without an escalation are left out. */
  readonly read: (tx: Tx, ruleIds: readonly string[]) => Promise<ReadonlyMap<string, RuleEscalation>>;
  /** Called in the transaction that writes and locks the rule. A deleted rule takes its escalation along. */
  readonly save: (tx: Tx, rule: EscalatingRule, escalation: RuleEscalation | null, at: Date) => Promise<void>;
  /** The rules whose escalation names a channel by this word, in any case. */
  readonly listNaming: (tx: Tx, organizationId: string, word: string) => Promise<readonly string[]>;
}

export interface EscalatingRule {
  readonly id: string;
  readonly organizationId: string;
  readonly name: string;
}

declare module '#platform/module' {
  interface Module {
    /** Filled by the module that keeps the escalations of rules. */
    readonly ruleEscalations?: EscalationKeeper;
  }
}

const keeperPart = definePart<EscalationKeeper>('alerting.rule_escalations');

/** @throws when no module of this server keeps escalations, because they would be accepted and lost */
export function keepRuleEscalations(ctx: Pick<Ctx, 'parts'>, house: House): void {
  const [keeper] = house.flatMap(({ ruleEscalations }) => ruleEscalations ?? []);
  if (keeper === undefined) throw new Error('No module keeps the escalations of rules.');
  ctx.parts.put(keeperPart, keeper);
}

export function escalationKeeper(ctx: Pick<Ctx, 'parts'>): EscalationKeeper {
  return ctx.parts.get(keeperPart);
}
