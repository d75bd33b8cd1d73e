import { useQuery } from '@tanstack/react-query';
import { type Severity, severities } from '@watchkeeper/contracts/vocabulary';
import { useOrg } from '../../app/session';
import { t } from '../../messages';
import { Choice, TextField, Toggle } from '../../ui/field';
import { channelsQuery } from '../channels/queries';
import type { DraftPartProps } from './scope-fields';

/** How heavy it is, when it ends, and who hears of it when nobody comes. */
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
  const { org } = useOrg();
  const channels = useQuery(channelsQuery(org));
  const choose = (id: string, chosen: boolean): void =>
    onChange({
      escalateTo: chosen ? [...draft.escalateTo, id] : draft.escalateTo.filter((each) => each !== id),
    });
  const known = channels.data?.data ?? [];
  const gone =
    channels.data === undefined ? [] : draft.escalateTo.filter((id) => !known.some((each) => each.id === id));
  const complaint = errors['escalation_rules.escalate_to_channels'];
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
      <fieldset className="grid gap-2">
        <legend className="mb-1.5 text-2 font-medium">{t.rule.escalateTo}</legend>
        {known.map((channel) => (
          <Toggle
            key={channel.id}
            label={channel.name}
            checked={draft.escalateTo.includes(channel.id)}
            onChange={(chosen) => choose(channel.id, chosen)}
          />
        ))}
        {gone.map((id) => (
          <Toggle key={id} label={t.rule.gone} checked onChange={(chosen) => choose(id, chosen)} />
        ))}
        {complaint === undefined ? null : <p className="text-1 font-medium text-problem">{complaint}</p>}
        <p className="text-1 text-ink-3">{t.rule.escalateToAll}</p>
      </fieldset>
    </div>
  );
}
