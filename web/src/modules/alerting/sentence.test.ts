import type { Alert, Overview } from '@watchkeeper/contracts/alerting';
import { describe, expect, test } from 'vitest';
import { anOverview, aSite, attentionIn, counts } from '../overview/fixtures';
import { anAlert } from './fixtures';
import { newestSignal, sentenceOf } from './sentence';

function say(alerts: Alert[], parts: Partial<Overview> = {}): string {
  return sentenceOf(anOverview({ alerts, alerts_total: alerts.length, ...parts }));
}
const bedford = { id: 'b', slug: 'bedford', name: 'Bedford' };

describe('the one sentence', () => {
  test('is calm when all is well', () => {
    expect(say([])).toBe('Nothing is wrong.');
  });

  test('names the site when everything is there', () => {
    expect(say([anAlert()])).toBe('One thing needs you at Dartmouth.');
    expect(say([anAlert({ id: '1' }), anAlert({ id: '2' })])).toBe('Two things need you, all at Dartmouth.');
  });

  test('counts over several sites', () => {
    expect(say([anAlert({ id: '1' }), anAlert({ id: '2', site: bedford })])).toBe('Two things need you.');
    expect(say([anAlert({ id: '1', site: null })])).toBe('One thing needs you.');
  });

  test('counts in figures above twelve, and above the number that the overview contains', () => {
    const alerts = Array.from({ length: 13 }, (_, index) => anAlert({ id: String(index) }));
    expect(say(alerts)).toBe('13 things need you, all at Dartmouth.');
    const attention = { ...attentionIn([]), needs_you: 1_250 };
    expect(say(alerts, { alerts_total: 1_300, attention })).toBe('1,250 things need you.');
  });

  test('leaves out alerts that are acknowledged or muted', () => {
    expect(
      say([anAlert({ id: '1', status: 'acknowledged' }), anAlert({ id: '2', suppressed_by: 'storm' })]),
    ).toBe('Nothing new. One thing is being handled.');
    expect(say([anAlert({ suppressed_by: 'maintenance' })])).toBe('Nothing is wrong.');
  });

  test('never says that nothing is wrong when we do not know', () => {
    const { watch } = anOverview();
    expect(say([], { watch: { ...watch, intake_up: false } })).toBe('We cannot tell right now.');
    expect(
      say([anAlert()], { watch: { ...watch, suspected_our_outage_since: '2026-11-21T18:40:00Z' } }),
    ).toBe('We cannot tell right now.');
  });

  test('calls no device fine that never sent a heartbeat, or that is off without an alert', () => {
    expect(say([], { devices: counts({ unknown: 4 }) })).toBe('No device has sent a heartbeat yet.');
    expect(say([], { devices: counts({ online: 3, unknown: 1 }) })).toBe('One device is unknown right now.');
    expect(say([], { devices: counts({ online: 3, offline: 2, unknown: 1 }) })).toBe(
      'Two devices are not fine.',
    );
  });

  test('says when nothing is watched at all', () => {
    expect(say([], { devices: counts(), sites: [] })).toBe('Nothing is being watched yet.');
  });
});

test('the last signal is the newest of all sites', () => {
  const sites = [
    aSite({ last_seen_at: '2026-11-21T18:42:00.5Z' }),
    aSite({ last_seen_at: null }),
    aSite({ last_seen_at: '2026-11-21T18:42:00Z' }),
  ];
  expect(newestSignal({ sites })).toBe('2026-11-21T18:42:00.5Z');
  expect(newestSignal({ sites: [] })).toBeNull();
});
