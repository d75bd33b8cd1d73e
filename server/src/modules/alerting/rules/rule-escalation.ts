import type { RuleWrite } from '@watchkeeper/contracts';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import type { House } from '#platform/module';
import { definePart } from '#platform/parts';

/** Who is told of a rule's alerts when nobody acknowledges them, as the rule's body and its revisions say it. */
export interface RuleEscalation {
  /** Seconds since the alert opened. */
  readonly escalate_after: number;
  /** Names, kinds or ids of channels; none: those who were told. */
  readonly escalate_to_channels: readonly string[];
}

/** What a body says of it. */
export interface WrittenEscalation {
  /** undefined: it stays as it is; null: there is none any more. */
  readonly rules: RuleWrite['escalation_rules'];
  /** Whether a plain number counts minutes: the rule is written in the words of operators. */
  readonly inMinutes: boolean;
}

/**
 * Keeps the escalations of rules and acts on them: a module on a higher floor. Alerting only carries them, so
 * that a rule is written, read and audited as a whole.
 */
export interface EscalationKeeper {
  /** @throws validation_failed naming the field */
  readonly parse: (written: WrittenEscalation, before: RuleEscalation | null) => RuleEscalation | null;
  /** Rules without one are left out. */
  readonly read: (tx: Tx, ruleIds: readonly string[]) => Promise<ReadonlyMap<string, RuleEscalation>>;
  /** In the transaction that writes the rule and holds it. A deleted rule takes its escalation along. */
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
    /** For the module that keeps the escalations of rules. */
    readonly ruleEscalations?: EscalationKeeper;
  }
}

const keeperPart = definePart<EscalationKeeper>('alerting.rule_escalations');

/** @throws when no module of this server keeps escalations: they would be accepted and lost. */
export function keepRuleEscalations(ctx: Pick<Ctx, 'parts'>, house: House): void {
  const [keeper] = house.flatMap(({ ruleEscalations }) => ruleEscalations ?? []);
  if (keeper === undefined) throw new Error('No module keeps the escalations of rules.');
  ctx.parts.put(keeperPart, keeper);
}

export function escalationKeeper(ctx: Pick<Ctx, 'parts'>): EscalationKeeper {
  return ctx.parts.get(keeperPart);
}
