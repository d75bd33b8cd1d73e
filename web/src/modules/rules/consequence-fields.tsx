import { type Severity, severities } from '@watchkeeper/contracts/vocabulary';
import { t } from '../../messages';
import { Choice, TextField, Toggle } from '../../ui/field';
import { ChannelPicker } from './channel-picker';
import type { DraftPartProps } from './scope-fields';

/** How severe it is, when it ends, and who is told when nobody reacts. */
export function ConsequenceFields({ draft, onChange, errors }: DraftPartProps) {
  return (
    <div className="grid gap-5">
      <Choice<Severity>
        label={t.rule.severity}
        options={severities.map((value) => ({ value, label: t.severity[value] }))}
        value={draft.severity}
        onChange={(severity) => onChange({ severity })}
      />
      <Toggle
        label={t.rule.autoResolve}
        help={t.rule.autoResolveHelp}
        checked={draft.autoResolve}
        onChange={(autoResolve) => onChange({ autoResolve })}
      />
      <div className="grid gap-5 sm:grid-cols-2">
        <TextField
          label={t.rule.cooldown}
          help={t.rule.cooldownHelp}
          value={draft.cooldown}
          error={errors.cooldown}
          onChange={(event) => onChange({ cooldown: event.currentTarget.value })}
        />
        <TextField
          label={t.rule.type}
          help={t.rule.typeHelp}
          autoCapitalize="none"
          spellCheck={false}
          maxLength={63}
          value={draft.type}
          error={errors.type}
          onChange={(event) => onChange({ type: event.currentTarget.value })}
        />
      </div>
      <ChannelPicker
        label={t.rule.channels}
        help={t.rule.channelsNone}
        chosen={draft.channels}
        onChange={(channels) => onChange({ channels })}
        error={errors.channels}
        offersConsole
      />
      <Toggle
        label={t.rule.escalate}
        checked={draft.escalates}
        onChange={(escalates) => onChange({ escalates })}
      />
      {draft.escalates ? <EscalationFields draft={draft} onChange={onChange} errors={errors} /> : null}
    </div>
  );
}

function EscalationFields({ draft, onChange, errors }: DraftPartProps) {
  return (
    <div className="grid gap-5 border-l-2 border-line pl-4">
      <div className="max-w-40">
        <TextField
          label={t.rule.escalateAfter}
          value={draft.escalateAfter}
          error={errors['escalation_rules.escalate_after']}
          onChange={(event) => onChange({ escalateAfter: event.currentTarget.value })}
        />
      </div>
      <ChannelPicker
        label={t.rule.escalateTo}
        help={t.rule.escalateToAll}
        chosen={draft.escalateTo}
        onChange={(escalateTo) => onChange({ escalateTo })}
        error={errors['escalation_rules.escalate_to_channels']}
      />
    </div>
  );
}
