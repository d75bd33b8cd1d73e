import { useQuery } from '@tanstack/react-query';
import { channelKindsQuery, channelsQuery } from '../../api/queries/channels';
import { useOrg } from '../../app/session';
import { t } from '../../messages';
import { Toggle } from '../../ui/field';
import { channelWords, consoleWord, isConsoleWord, isNamed } from './channel-words';

interface ChannelPickerProps {
  label: string;
  /** The meaning of an empty choice. */
  help: string;
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
  error: string | undefined;
  /** The console may be meant alone. */
  offersConsole?: boolean;
}

/** The channels there are, and whatever else the rule names: a kind, or one that is gone. */
export function ChannelPicker({ label, help, chosen, onChange, error, offersConsole }: ChannelPickerProps) {
  const { org } = useOrg();
  const channels = useQuery(channelsQuery(org)).data?.data;
  const kinds = useQuery(channelKindsQuery(org)).data?.data ?? [];
  const known = channels ?? [];
  const others =
    channels === undefined
      ? []
      : chosen.filter((word) => !isConsoleWord(word) && !known.some((channel) => isNamed(channel, word)));
  const set = (added: string, isMeant: (word: string) => boolean) => (checked: boolean) =>
    onChange(checked ? [...chosen, added] : chosen.filter((word) => !isMeant(word)));
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1.5 text-2 font-medium">{label}</legend>
      {known.map((channel) => (
        <Toggle
          key={channel.id}
          label={channel.name}
          checked={chosen.some((word) => isNamed(channel, word))}
          onChange={set(channel.id, (word) => isNamed(channel, word))}
        />
      ))}
      {others.map((word) => (
        <Toggle
          key={word}
          label={channelWords(word, known, kinds) ?? t.rule.gone}
          checked
          onChange={set(word, (each) => each === word)}
        />
      ))}
      {offersConsole === true || chosen.some(isConsoleWord) ? (
        <Toggle
          label={t.rule.console}
          help={t.rule.consoleHelp}
          checked={chosen.some(isConsoleWord)}
          onChange={set(consoleWord, isConsoleWord)}
        />
      ) : null}
      {error === undefined ? null : <p className="text-1 font-medium text-problem">{error}</p>}
      <p className="text-1 text-ink-3">{help}</p>
    </fieldset>
  );
}
