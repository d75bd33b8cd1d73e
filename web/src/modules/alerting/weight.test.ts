import { describe, expect, test } from 'vitest';
import { anAlert } from './fixtures';
import { needsYou, weigh } from './weight';

describe('the weight of alerts', () => {
  test('puts severity before age, and the longest waiting first among equals', () => {
    const alerts = [
      anAlert({ id: 'new-high', opened_at: '2026-11-21T12:00:00Z' }),
      anAlert({ id: 'low', severity: 'low', opened_at: '2026-11-20T00:00:00Z' }),
      anAlert({ id: 'old-high', opened_at: '2026-11-21T11:00:00Z' }),
      anAlert({ id: 'critical', severity: 'critical', opened_at: '2026-11-21T13:00:00Z' }),
    ];
    expect(weigh(alerts).needsYou.map((alert) => alert.id)).toEqual([
      'critical',
      'old-high',
      'new-high',
      'low',
    ]);
  });

  test('separates acknowledged and muted alerts from those that need somebody', () => {
    const weighed = weigh([
      anAlert({ id: 'open' }),
      anAlert({ id: 'in-hand', status: 'acknowledged' }),
      anAlert({ id: 'muted', suppressed_by: 'maintenance' }),
      anAlert({ id: 'muted-in-hand', status: 'acknowledged', suppressed_by: 'dependency' }),
      anAlert({ id: 'over', status: 'resolved' }),
    ]);
    expect({
      needsYou: weighed.needsYou.map((alert) => alert.id),
      inHand: weighed.inHand.map((alert) => alert.id),
      muted: weighed.muted.map((alert) => alert.id),
    }).toEqual({ needsYou: ['open'], inHand: ['in-hand'], muted: ['muted', 'muted-in-hand'] });
  });

  test('says that a muted alert needs nobody', () => {
    expect(needsYou(anAlert({ suppressed_by: 'storm' }))).toBe(false);
  });
});
