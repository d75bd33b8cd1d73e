/**
 * Query keys: `['org', org, resource, ...detail]`, so that a live change can name the resources it touches
 * and leaving an organization can drop everything of it.
 */
export type Resource =
  | 'overview'
  | 'alerts'
  | 'alert'
  | 'incidents'
  | 'incident'
  | 'notifications'
  | 'states'
  | 'history'
  | 'sites'
  | 'areas'
  | 'devices'
  | 'deviceTypes'
  | 'views'
  | 'rules'
  | 'channels'
  | 'rule'
  | 'ruleKinds'
  | 'backtest'
  | 'channelKinds'
  | 'members'
  | 'search'
  | 'apiKeys'
  | 'audit'
  | 'checks'
  | 'checkKinds'
  | 'checkResults'
  | 'pings'
  | 'sources'
  | 'sourceKinds'
  | 'maintenance'
  | 'operations';

type Detail = string | number | Record<string, string | number | undefined>;

export const keys = {
  me: () => ['me'] as const,
  setup: () => ['setup'] as const,
  sessions: () => ['sessions'] as const,
  invitations: () => ['invitations'] as const,
  link: (token: string) => ['link', token] as const,
  org: (org: string) => ['org', org] as const,
  of: (org: string, resource: Resource, ...detail: Detail[]) => ['org', org, resource, ...detail] as const,
};

/** Which resources to read again when the stream names a topic; an unknown topic means all of them. */
const resourcesByTopic: Record<string, readonly Resource[]> = {
  alert: ['overview', 'alerts', 'alert', 'notifications'],
  incident: ['overview', 'incidents', 'incident', 'notifications'],
  device: ['overview', 'states', 'devices'],
  device_state: ['overview', 'states'],
  site: ['overview', 'sites', 'areas', 'states'],
  area: ['areas', 'states'],
  device_type: ['deviceTypes'],
  device_token: [],
  notification: ['notifications'],
  channel: ['channels', 'notifications'],
  rule: ['rules', 'rule', 'alert'],
  member: ['members'],
  organization: [],
  api_key: ['apiKeys'],
  metric: ['operations'],
  settings: ['operations', 'rules', 'rule'],
  watch: ['overview'],
  check: ['checks', 'checkResults', 'pings', 'sources'],
  source: ['sources', 'checks'],
  maintenance: ['maintenance', 'overview', 'states', 'alerts', 'alert'],
};

export function resourcesOf(topic: string): readonly Resource[] | 'all' {
  return resourcesByTopic[topic] ?? 'all';
}

/** Permissions have changed, perhaps of the person at this screen. */
export function changesMe(topic: string): boolean {
  return topic === 'member' || topic === 'organization';
}
