import { sampleFacts as sampleAlert } from '../alerts/messages.fixture.ts';
import type { Facts, PartFacts } from './facts.ts';

export function samplePart(over: Partial<PartFacts> = {}): PartFacts {
  const { transition: _transition, at: _at, ...alert } = sampleAlert();
  return { ...alert, action_taken: null, status: 'open', muted: false, ...over };
}

/** An incident of one alert. */
export function sampleIncident(over: Partial<Facts> = {}): Facts {
  const alerts = over.alerts ?? [samplePart()];
  return {
    incident_id: '01980000-0000-7000-8000-0000000001c1',
    number: 12,
    transition: 'opened',
    at: '2026-11-20T09:15:00.000Z',
    title: 'Bay 3 PC is offline',
    why: 'No heartbeat for 2 min 5 s; the limit is 2 min.',
    severity: 'high',
    priority: 'P3',
    site: { slug: 'dartmouth', name: 'Dartmouth', timezone: 'America/Halifax' },
    areas: ['Bay 3'],
    cause: null,
    counts: { alerts: alerts.length, open: alerts.length, recovered: 0, muted: 0, devices: alerts.length },
    opened_at: '2026-11-20T09:15:00.000Z',
    resolved_at: null,
    resolved_by: null,
    resolved_reason: null,
    action_taken: null,
    alerts,
    ...over,
  };
}
