import { useQuery } from '@tanstack/react-query';
import type { ListedChannel } from '@watchkeeper/contracts/notifications';
import { useOrg } from '../../app/session';
import { t } from '../../messages';
import { isNamed } from '../rules/channel-words';
import { rulesQuery } from '../rules/queries';

type Named = Pick<ListedChannel, 'id' | 'name'>;

/** The names of the rules that name a channel, or escalate to it. */
export function useUsage(): (channel: Named) => readonly string[] {
  const { org } = useOrg();
  const rules = useQuery(rulesQuery(org)).data?.data ?? [];
  return (channel) =>
    rules
      .filter((rule) =>
        [...rule.channels, ...(rule.escalation_rules?.escalate_to_channels ?? [])].some((word) =>
          isNamed(channel, word),
        ),
      )
      .map((rule) => rule.name);
}

/** "from Medium on, named by Device offline". */
export function usageWords(channel: ListedChannel, rules: readonly string[]): string {
  const own = channel.escalation_only
    ? t.channel.escalations
    : t.channel.from(t.severity[channel.min_severity]);
  return rules.length === 0 ? own : `${own}, ${t.channel.usedBy(rules.join(', '))}`;
}
