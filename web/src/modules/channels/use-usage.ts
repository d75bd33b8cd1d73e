import { useQuery } from '@tanstack/react-query';
import type { ListedChannel } from '@watchkeeper/contracts/notifications';
import { useOrg } from '../../app/session';
import { t } from '../../messages';
import { rulesQuery } from '../rules/queries';

/** The names of the rules that escalate to a channel. */
export function useUsage(): (channel: string) => readonly string[] {
  const { org } = useOrg();
  const rules = useQuery(rulesQuery(org)).data?.data ?? [];
  return (channel) =>
    rules
      .filter((rule) => rule.escalation_rules?.escalate_to_channels.includes(channel) === true)
      .map((rule) => rule.name);
}

/** "from Medium on, escalations of Device offline". */
export function usageWords(channel: ListedChannel, rules: readonly string[]): string {
  const own = channel.escalation_only
    ? t.channel.escalations
    : t.channel.from(t.severity[channel.min_severity]);
  return rules.length === 0 ? own : `${own}, ${t.channel.usedBy(rules.join(', '))}`;
}
