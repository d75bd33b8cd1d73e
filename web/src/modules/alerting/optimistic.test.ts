import { describe, expect, test } from 'vitest';
import { anOverview, aSite, attentionIn } from '../overview/fixtures';
import { anAlert } from './fixtures';
import { type Act, acted, actedInOverview, actedInPages } from './optimistic';

const at = '2026-11-21T18:45:00Z';
const acknowledge: Act = { kind: 'acknowledge', at, by: 'Dana' };
const resolve: Act = { kind: 'resolve', at, by: 'Dana', reason: 'Power was off.' };

describe('an act shown before the server answers', () => {
  test('acknowledges an open alert', () => {
    expect(acted(anAlert(), acknowledge)).toMatchObject({ status: 'acknowledged', acknowledged_by: 'Dana' });
  });

  test('resolves an alert with its reason', () => {
    expect(acted(anAlert({ status: 'acknowledged' }), resolve)).toMatchObject({
      status: 'resolved',
      resolved_reason: 'Power was off.',
    });
  });

  test('keeps the first acknowledgement, and does not reopen a resolved alert', () => {
    const theirs = anAlert({ status: 'acknowledged', acknowledged_by: 'Mike' });
    const over = anAlert({ status: 'resolved' });
    expect(acted(theirs, acknowledge)).toBe(theirs);
    expect(acted(over, acknowledge)).toBe(over);
    expect(acted(over, resolve)).toBe(over);
  });
});

describe('undoing', () => {
  test('an acknowledgement leaves the alert open, acknowledged by nobody', () => {
    const after = acted(acted(anAlert(), acknowledge), { kind: 'unacknowledge' });
    expect(after).toEqual(anAlert());
    expect(acted(anAlert({ status: 'resolved' }), { kind: 'unacknowledge' }).status).toBe('resolved');
  });

  test('a resolution leaves the alert as it was before, open or acknowledged', () => {
    const inHand = acted(anAlert(), acknowledge);
    for (const before of [anAlert(), inHand])
      expect(acted(acted(before, resolve), { kind: 'reopen' })).toEqual(before);
    expect(acted(inHand, { kind: 'reopen' })).toBe(inHand);
  });
});

describe('the overview after an act', () => {
  const alert = anAlert();
  const both = [alert, anAlert({ id: 'other', severity: 'low' })];
  const overview = anOverview({
    alerts: both,
    alerts_total: 2,
    sites: [
      aSite({ open_alerts: 2, attention: attentionIn(both), worst_severity: 'high' }),
      aSite({ id: 'elsewhere', open_alerts: 1 }),
    ],
  });

  test('keeps an acknowledged alert', () => {
    const after = actedInOverview(overview, new Set([alert.id]), acknowledge);
    expect(after.alerts.map((each) => each.status)).toEqual(['acknowledged', 'open']);
    expect(after.alerts_total).toBe(2);
  });

  test('counts acknowledged alerts as the server will, in total and at the site', () => {
    const one = actedInOverview(overview, new Set([alert.id]), acknowledge);
    expect(one.attention).toMatchObject({ needs_you: 1, in_hand: 1 });
    expect(one.sites[0]).toMatchObject({ standing: 'needs_you', worst_severity: 'low', open_alerts: 2 });
    const all = actedInOverview(one, new Set(['other']), acknowledge);
    expect(all.sites[0]).toMatchObject({ standing: 'in_hand', worst_severity: null, open_alerts: 2 });
    expect(actedInOverview(all, new Set([alert.id, 'other']), { kind: 'unacknowledge' })).toEqual(overview);
  });

  test('removes a resolved alert, and its site counts one less', () => {
    const after = actedInOverview(overview, new Set([alert.id]), resolve);
    expect(after.alerts.map((each) => each.id)).toEqual(['other']);
    expect(after.alerts_total).toBe(1);
    expect(after.sites.map((site) => site.open_alerts)).toEqual([1, 1]);
  });

  test('removes several at once, each from its own site', () => {
    const after = actedInOverview(overview, new Set([alert.id, 'other']), resolve);
    expect(after).toMatchObject({ alerts: [], alerts_total: 0 });
    expect(after.sites.map((site) => site.open_alerts)).toEqual([0, 1]);
  });

  test('is unchanged by an act on an alert that it does not contain', () => {
    expect(actedInOverview(overview, new Set(['unknown']), resolve)).toBe(overview);
  });
});

test('a list keeps the row in its place', () => {
  const pages = {
    pageParams: [undefined],
    pages: [{ data: [anAlert(), anAlert({ id: 'other' })], next_cursor: null }],
  };
  const after = actedInPages(pages, new Set([anAlert().id]), resolve);
  expect(after.pages[0]?.data.map((each) => each.status)).toEqual(['resolved', 'open']);
});
