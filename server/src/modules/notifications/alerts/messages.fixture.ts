import type { Message } from '#modules/delivery';
import { publicUrl } from '../../delivery/senders/senders.fixture.ts';
import type { Facts } from './facts.ts';
import { renderAlerts } from './templates.ts';

export { publicUrl };

export function sampleFacts(over: Partial<Facts> = {}): Facts {
  return {
    alert_id: '01980000-0000-7000-8000-00000000a1e7',
    transition: 'opened',
    at: '2026-11-20T09:15:00.000Z',
    type: 'device_offline',
    severity: 'high',
    title: 'Bay 3 PC is offline',
    why: 'No heartbeat for 2 min 5 s; the limit is 2 min.',
    site: { slug: 'dartmouth', name: 'Dartmouth', timezone: 'America/Halifax' },
    area: 'Bay 3',
    device: { slug: 'bay-3-pc', name: 'Bay 3 PC' },
    opened_at: '2026-11-20T09:15:00.000Z',
    resolved_at: null,
    resolved_by: null,
    resolved_reason: null,
    ...over,
  };
}

export function resolvedFacts(over: Partial<Facts> = {}): Facts {
  return sampleFacts({
    transition: 'resolved',
    at: '2026-11-20T09:20:30.000Z',
    resolved_at: '2026-11-20T09:20:30.000Z',
    resolved_reason: 'A heartbeat arrived.',
    ...over,
  });
}

export function sampleMessage(
  items: readonly Facts[],
  over: { tone?: string; recipient?: string; buttons?: boolean } = {},
): Message {
  return renderAlerts({
    id: '01980000-0000-7000-8000-000000000e55',
    tone: over.tone ?? 'opened',
    createdAt: new Date('2026-11-20T09:15:01Z'),
    organization: { slug: 'northern-golf', name: 'Northern Golf' },
    recipient: over.recipient ?? 'ops@example.test',
    items,
    publicUrl,
    can: { thread: true, buttons: over.buttons ?? false },
  });
}
