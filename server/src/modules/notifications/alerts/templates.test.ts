import { describe, expect, it } from 'vitest';
import { localTimeText } from '../../delivery/topics/time-text.ts';
import { publicUrl, resolvedFacts, sampleFacts, sampleMessage } from './messages.fixture.ts';

describe('one alert', () => {
  it('says what, where, since when in local time, why, and has one link', () => {
    const message = sampleMessage([sampleFacts()]);
    expect(message.title).toBe('Bay 3 PC is offline');
    expect(message.lines).toEqual([
      'Where: Dartmouth, Bay 3, Bay 3 PC',
      'Since: 20 Nov, 05:15:00 GMT-4',
      'Why: No heartbeat for 2 min 5 s; the limit is 2 min.',
      'Severity: high',
    ]);
    expect(message.url).toBe(`${publicUrl}/alerts/${sampleFacts().alert_id}`);
  });

  it('says for a resolution how long it lasted, how it ended, and what it was', () => {
    const message = sampleMessage([resolvedFacts()], { tone: 'resolved' });
    expect(message.title).toBe('Resolved: Bay 3 PC is offline');
    expect(message.lines).toEqual([
      'Where: Dartmouth, Bay 3, Bay 3 PC',
      'Lasted: 5 minutes 30 seconds, until 20 Nov, 05:20:30 GMT-4',
      'How: A heartbeat arrived.',
      'It was: No heartbeat for 2 min 5 s; the limit is 2 min.',
    ]);
  });

  it('names the person who resolved it', () => {
    const message = sampleMessage([
      resolvedFacts({ resolved_by: 'Alice', resolved_reason: 'Cable replaced' }),
    ]);
    expect(message.lines).toContain('How: Cable replaced (Alice)');
  });

  it('has the action taken in a line of its own', () => {
    const { lines } = sampleMessage([resolvedFacts({ action_taken: 'Restarted\nthe switch' })]);
    expect(lines).toContain('Done about it: Restarted the switch');
  });

  it('says for an escalation that nobody has acknowledged it', () => {
    const message = sampleMessage([sampleFacts({ transition: 'escalated', at: '2026-11-20T09:45:00.000Z' })]);
    expect(message.title).toBe('Still open: Bay 3 PC is offline');
    expect(message.lines).toContain('Escalated: nobody acknowledged it for 30 minutes');
  });

  it('has a title of one line, whatever the name of the device', () => {
    const message = sampleMessage([sampleFacts({ title: `Bay\r\n3 ${'x'.repeat(500)}` })]);
    expect(message.title).toMatch(/^Bay 3 x+…$/);
    expect(message.title.length).toBeLessThanOrEqual(140);
  });

  it('also works without a place', () => {
    const message = sampleMessage([sampleFacts({ site: null, area: null, device: null })]);
    expect(message.lines[0]).toBe('Since: 20 Nov, 09:15:00 UTC');
  });
});

describe('text of other people', () => {
  const forged = (text: string) => `Bay 3${text}Why: all is well`;

  it.each(['\n', '\r\n', '\u2028', '\u2029', '\u0085', '\u000B', '\u000C'])(
    'cannot start a new line with %j',
    (end) => {
      const name = forged(end);
      const said = sampleFacts({
        title: `${name} is offline`,
        why: `The check says ${name}`,
        device: { slug: 'bay-3', name },
        area: name,
        site: { slug: 's', name, timezone: 'UTC' },
        resolved_by: name,
        resolved_reason: name,
      });
      for (const items of [[said], [{ ...said, transition: 'resolved' }], [said, said, said, said]]) {
        const message = sampleMessage(items);
        for (const line of [message.title, ...message.lines]) {
          expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
          expect(line).not.toMatch(/^Why: all is well/);
        }
      }
    },
  );

  it('begins no line of a list, so that no name looks like one of our labels', () => {
    const items = Array.from({ length: 4 }, () =>
      sampleFacts({ title: 'Severity: low', site: null, area: null, device: null }),
    );
    expect(sampleMessage(items).lines).toEqual(items.map(() => '• Severity: low'));
  });

  it('is isolated when it runs from right to left, and changes no other direction', () => {
    const name = 'מפרץ 1';
    const facts = sampleFacts({ title: `${name} is offline`, device: { slug: 'bay-1', name } });
    const message = sampleMessage([facts]);
    expect(message.title).toBe(`\u2068${name}\u2069 is offline`);
    expect(message.lines[0]).toContain(`\u2068${name}\u2069`);
    const turned = sampleMessage([sampleFacts({ title: 'Bay \u202Egpj.exe is offline' })]);
    expect(turned.title).toBe('Bay gpj.exe is offline');
  });

  it('is cut between characters', () => {
    for (let pad = 0; pad < 12; pad += 1) {
      const { title } = sampleMessage([
        sampleFacts({ title: `${'x'.repeat(110 + pad)}${'👨‍👩‍👧‍👦🇨🇦é'.repeat(20)}` }),
      ]);
      expect(title.length).toBeLessThanOrEqual(140);
      expect(title).toMatch(/(x|👨‍👩‍👧‍👦|🇨🇦|é)…$/u);
      expect(title.isWellFormed()).toBe(true);
    }
  });
});

describe('many alerts', () => {
  const many = (count: number, over: Parameters<typeof sampleFacts>[0] = {}) =>
    Array.from({ length: count }, () => sampleFacts(over));

  it('of one type at one site are one sentence', () => {
    expect(sampleMessage(many(12)).title).toBe('12 devices at Dartmouth stopped reporting');
    expect(sampleMessage(many(12, { transition: 'resolved' })).title).toBe(
      '12 devices at Dartmouth report again',
    );
  });

  it('at several sites say how many', () => {
    const elsewhere = { slug: 'truro', name: 'Truro', timezone: 'America/Halifax' };
    expect(sampleMessage([...many(3), ...many(2, { site: elsewhere })]).title).toBe(
      '5 devices at 2 sites stopped reporting',
    );
  });

  it('of several types are counted', () => {
    expect(sampleMessage([...many(3), ...many(2, { type: 'refund_spike' })]).title).toBe(
      '5 alerts at Dartmouth opened',
    );
  });

  it('of a digest are counted by their transition', () => {
    const items = [...many(4), ...many(1, { transition: 'resolved' })];
    expect(sampleMessage(items, { tone: 'digest' }).title).toBe(
      '4 devices at Dartmouth stopped reporting, 1 alert at Dartmouth resolved',
    );
  });

  it('are listed up to a limit, and the rest is counted', () => {
    const { lines, url } = sampleMessage(many(25));
    expect(lines).toHaveLength(21);
    expect(lines.at(-1)).toBe('and 5 more');
    expect(url).toBe(`${publicUrl}/o/northern-golf`);
  });
});

it("shows the site's local time on both sides of a clock change", () => {
  expect(localTimeText('2026-10-25T00:30:00Z', 'No/Where')).toBe('25 Oct, 00:30:00 UTC');
  expect(localTimeText('2026-10-25T00:30:00Z', 'Europe/Berlin')).toBe('25 Oct, 02:30:00 CEST');
  expect(localTimeText('2026-10-25T01:30:00Z', 'Europe/Berlin')).toBe('25 Oct, 02:30:00 CET');
});
