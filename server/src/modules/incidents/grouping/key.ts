/** What decides which incident an alert belongs to. */
export interface KeyFacts {
  readonly type: string;
  readonly fingerprint: string;
  readonly siteId: string | null;
  readonly areaId: string | null;
  readonly deviceId: string | null;
  /** The device on which its device depends, and nothing above it; null: it depends on nothing. */
  readonly rootId: string | null;
  readonly labels: Readonly<Record<string, unknown>>;
}

/** An alert without what the grouping asks for goes by its site, and without a site by its type. */
export function keyOf(by: string, alert: KeyFacts): string {
  return ownKey(by, alert) ?? (alert.siteId === null ? `type:${alert.type}` : `site:${alert.siteId}`);
}

function ownKey(by: string, alert: KeyFacts): string | undefined {
  if (by === 'none') return `alert:${alert.fingerprint}`;
  if (by === 'rule_type') return `type:${alert.type}`;
  if (by === 'area') return alert.areaId === null ? undefined : `area:${alert.areaId}`;
  if (by === 'dependency') {
    const root = alert.rootId ?? alert.deviceId;
    return root === null ? undefined : `device:${root}`;
  }
  if (!by.startsWith('label:')) return undefined;
  const name = by.slice('label:'.length);
  const value = alert.labels[name];
  return typeof value === 'string' && value !== '' ? `label:${name}=${value}` : undefined;
}
