import type { Alert } from '@watchkeeper/contracts/alerting';
import { attentionOf } from '@watchkeeper/contracts/attention';

/** One alert for tests and the gallery; the parts a case is about are given, the rest is plain. */
export function anAlert(parts: Partial<Omit<Alert, 'attention'>> = {}): Alert {
  const alert = {
    id: '01939b1e-0000-7000-8000-000000000001',
    type: 'device_offline',
    kind: 'absence',
    severity: 'high' as const,
    status: 'open' as const,
    title: 'Bay 4 PC went silent',
    why: 'No heartbeat for 3 min 10 s; the limit is 2 min.',
    details: { silent_seconds: 190, limit_seconds: 120 },
    tenant_id: 'acme',
    store_id: 'dartmouth',
    device_id: 'bay-4-pc',
    site: { id: '01939b1e-0000-7000-8000-0000000000a1', slug: 'dartmouth', name: 'Dartmouth' },
    device: { id: '01939b1e-0000-7000-8000-0000000000b1', slug: 'bay-4-pc', name: 'Bay 4 PC' },
    rule: { id: '01939b1e-0000-7000-8000-0000000000c1', name: 'Device offline' },
    suppressed_by: null,
    suppressed_reason: null,
    opened_at: '2026-11-21T18:39:04Z',
    acknowledged_at: null,
    acknowledged_by: null,
    escalated_at: null,
    resolved_at: null,
    resolved_by: null,
    resolved_reason: null,
    resolution: null,
    action_taken: null,
    version: 1,
    ...parts,
  };
  return { ...alert, attention: attentionOf(alert) };
}
