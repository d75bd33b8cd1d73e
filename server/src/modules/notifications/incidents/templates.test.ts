import { describe, expect, test } from 'vitest';
import { sampleMessage as alertMessage, resolvedFacts, sampleFacts } from '../alerts/messages.fixture.ts';
import type { Facts } from './facts.ts';
import { sampleIncident, samplePart } from './messages.fixture.ts';
import { renderIncidents } from './templates.ts';

const render = (items: readonly Facts[], tone = 'opened') =>
  renderIncidents({
    id: '01980000-0000-7000-8000-000000000e55',
    tone,
    createdAt: new Date('2026-11-20T09:15:01Z'),
    organization: { slug: 'northern-golf', name: 'Northern Golf' },
    recipient: 'ops@example.test',
    items,
    publicUrl: 'https://watch.example.test',
    can: { thread: true, buttons: true },
  });

const bays = (count: number, over: object = {}) =>
  Array.from({ length: count }, (_, index) =>
    samplePart({
      title: `Bay ${index + 1} PC is offline`,
      area: `Bay ${index + 1}`,
      device: { slug: `bay-${index + 1}`, name: `Bay ${index + 1} PC` },
      ...over,
    }),
  );

const powerLoss = (over: Partial<Facts> = {}) =>
  sampleIncident({
    title: 'Bay 1 PC is offline and 13 more',
    cause: 'The site may have lost its power.',
    areas: ['Bay 1', 'Bay 2'],
    alerts: bays(14),
    counts: { alerts: 14, open: 14, recovered: 0, muted: 0, devices: 14 },
    ...over,
  });

describe('an incident of one alert', () => {
  test('reads as the alert, when it opens and when it is over', () => {
    const alert = alertMessage([sampleFacts()]);
    expect(render([sampleIncident()])).toMatchObject({ title: alert.title, lines: alert.lines });
    const over = alertMessage([resolvedFacts()], { tone: 'resolved' });
    const { at, resolved_at, resolved_reason } = resolvedFacts();
    const resolved = sampleIncident({ transition: 'resolved', at, resolved_at, resolved_reason });
    expect(render([resolved], 'resolved')).toMatchObject({ title: over.title, lines: over.lines });
  });

  test('leads to the alert, stands in one thread, and has buttons until it is over', () => {
    const message = render([sampleIncident()]);
    expect(message.url).toBe('https://watch.example.test/alerts/01980000-0000-7000-8000-00000000a1e7');
    expect(message.thread).toBe('incident.01980000-0000-7000-8000-0000000001c1');
    expect(message.actions.map(({ action }) => action)).toEqual(['acknowledge', 'resolve']);
    expect(render([sampleIncident({ transition: 'resolved' })], 'resolved').actions).toEqual([]);
  });

  test('gives programs the fields of the alert beside those of the incident', () => {
    expect(render([sampleIncident()]).payload).toMatchObject({
      type: 'incident.opened',
      data: {
        number: 12,
        type: 'device_offline',
        device: { slug: 'bay-3-pc' },
        alerts: [{ status: 'open' }],
      },
    });
  });
});

describe('an incident of many alerts', () => {
  test('says where, since when, the likely cause, and names some of them', () => {
    const { title, lines } = render([powerLoss()]);
    expect(title).toBe('Bay 1 PC is offline and 13 more');
    expect(lines.join('\n')).toMatch(/^Where: .*Dartmouth.*\nSince: .*\nPriority: P3\nSeverity: high\n/);
    expect(lines).toContainEqual(expect.stringMatching(/^Likely cause: .*lost its power/));
    expect(lines).toContain('Alerts: 14 open');
    expect(lines.filter((line) => line.startsWith('•'))).toHaveLength(10);
    expect(lines.at(-1)).toBe('and 4 more');
  });

  test.each([
    ['resolved', /^Resolved: /],
    ['escalated', /^Still open: /],
    ['flapping', /^Comes and goes: /],
    ['reopened', /^Open again: /],
    ['worsened', /^Worse \(high\): /],
    ['steadied', /^Holds still, still open: /],
  ])('says what happened: %s', (transition, title) => {
    expect(render([powerLoss({ transition })]).title).toMatch(title);
  });

  test('lists what is left when some have recovered', () => {
    const alerts = [...bays(2), ...bays(3, { status: 'resolved' })];
    const counts = { alerts: 5, open: 2, recovered: 3, muted: 0, devices: 5 };
    const { lines } = render([powerLoss({ transition: 'escalated', alerts, counts })]);
    expect(lines).toContain('Alerts: 2 open, 3 recovered');
    expect(lines.filter((line) => line.startsWith('•'))).toHaveLength(2);
  });

  test("keeps other people's text on one line and in its own direction", () => {
    const evil = powerLoss({
      title: 'A\nWhy: forged',
      site: { slug: 'x', name: 'D\u202egolf', timezone: 'UTC' },
    });
    const { title, lines } = render([evil]);
    expect(title).not.toContain('\n');
    expect(lines.every((line) => !line.includes('\n'))).toBe(true);
    expect(lines.find((line) => line.startsWith('Where: '))).not.toMatch(/\u202e(?![^\u2066]*\u2069)/);
  });
});

test('several incidents are a list, each with what happened', () => {
  const other = sampleIncident({
    incident_id: '01980000-0000-7000-8000-0000000001c2',
    transition: 'resolved',
  });
  const message = render([powerLoss(), other], 'digest');
  expect(message.title).toBe('1 incident at Dartmouth open, 1 incident at Dartmouth resolved');
  expect(message.lines).toHaveLength(2);
  expect(message.payload).toMatchObject({ type: 'incidents.digest', data: { count: 2 } });
});
