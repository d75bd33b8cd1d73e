import type { ChannelHours, ChannelMatcher } from '@watchkeeper/contracts/routing';
import { describe, expect, it } from 'vitest';
import { isWithin } from './channel-hours.ts';
import { leftOut, type RoutedSubject, vetRouting } from './routing.ts';

const subject: RoutedSubject = {
  severity: 'high',
  labels: { site: ['dartmouth'], type: ['device_offline'], device: ['bay-1', 'bay-2'], team: ['north'] },
  timezone: 'America/Halifax',
};
const now = new Date('2026-11-20T15:00:00Z');

const is = (name: string, value: string): ChannelMatcher => ({ name, op: 'is', value });
const isNot = (name: string, value: string): ChannelMatcher => ({ name, op: 'is_not', value });
const tells = (matchers: ChannelMatcher[], of = subject) =>
  leftOut({ matchers, hours: null }, of, now) === undefined;

describe('matchers', () => {
  it.each<[string, ChannelMatcher[], boolean]>([
    ['none', [], true],
    ['one that holds', [is('site', 'dartmouth')], true],
    ['one that does not', [is('site', 'truro')], false],
    ['either of two values', [is('site', 'truro'), is('site', 'dartmouth')], true],
    ['two names, one of which does not hold', [is('site', 'dartmouth'), is('severity', 'critical')], false],
    ['a severity', [is('severity', 'high')], true],
    ['a priority, which the severity stands for', [is('priority', 'P2')], true],
    ['a rule type that is not wanted', [isNot('type', 'device_offline')], false],
    ['two that are not wanted', [isNot('site', 'truro'), isNot('site', 'dartmouth')], false],
    ['one of several devices', [is('device', 'bay-2')], true],
    ['several devices, of which one is not wanted', [isNot('device', 'bay-1')], true],
    ['several devices, of which none is wanted', [isNot('device', 'bay-1'), isNot('device', 'bay-2')], false],
    ['a label', [is('label:team', 'north')], true],
    ['a label that it does not have', [is('label:tier', '1')], false],
    ['not a label that it does not have', [isNot('label:tier', '1')], true],
    ['a name of something within objects', [isNot('label:constructor', 'x')], true],
  ])('%s', (_name, matchers, expected) => {
    expect(tells(matchers)).toBe(expected);
  });

  it('a priority of its own counts before the severity', () => {
    expect(tells([is('priority', 'P1')], { ...subject, priority: 'P1' })).toBe(true);
    expect(tells([is('priority', 'P2')], { ...subject, priority: 'P1' })).toBe(false);
  });

  it('say why somebody was left out', () => {
    const matchers = [is('site', 'truro'), is('site', 'sydney'), isNot('label:team', 'north')];
    expect(leftOut({ matchers, hours: null }, subject, now)).toBe(
      'The channel is told only of site truro, sydney; here it is dartmouth.',
    );
    expect(leftOut({ matchers: matchers.slice(2), hours: null }, subject, now)).toBe(
      'The channel is told only of label team not north; here it is north.',
    );
  });
});

describe('hours', () => {
  const office: ChannelHours = { weekdays: ['monday', 'friday'], from: '08:00', to: '18:00', timezone: null };
  const night: ChannelHours = { ...office, from: '22:00', to: '06:00' };

  it.each<[string, ChannelHours, string, boolean]>([
    ['at their first minute', office, '2026-11-20T08:00', true],
    ['before it', office, '2026-11-20T07:59', false],
    ['in their last minute', office, '2026-11-20T17:59', true],
    ['at their end', office, '2026-11-20T18:00', false],
    ['on another day', office, '2026-11-19T12:00', false],
    ['in the night that begins on the day', night, '2026-11-20T23:00', true],
    ['in the morning after it', night, '2026-11-21T05:59', true],
    ['at the end of the night', night, '2026-11-21T06:00', false],
    ['in the morning of the day itself', night, '2026-11-20T05:00', false],
    ['a whole day, until the same time of the next', { ...office, to: '08:00' }, '2026-11-21T07:59', true],
  ])('%s', (_name, hours, local, expected) => {
    // Halifax is four hours behind UTC in winter.
    expect(isWithin(hours, 'America/Halifax', new Date(`${local}:00-04:00`))).toBe(expected);
  });

  it('follow the clock of the wall when it changes', () => {
    const sunday: ChannelHours = { weekdays: ['sunday'], from: '03:00', to: '04:00', timezone: null };
    expect(isWithin(sunday, 'Europe/Berlin', new Date('2026-03-29T01:00:00Z'))).toBe(true);
    expect(isWithin(sunday, 'Europe/Berlin', new Date('2026-03-29T02:00:00Z'))).toBe(false);
  });

  it('are those of the site, of the channel where it names a zone, and of UTC without either', () => {
    // 11:00 in Halifax, 15:00 UTC, midnight in Tokyo.
    const from = { ...office, from: '14:00', to: '16:00' };
    const reason = (timezone: string | null, of: string | undefined) =>
      leftOut({ matchers: [], hours: { ...from, timezone } }, { ...subject, timezone: of }, now);
    expect(reason(null, 'America/Halifax')).toBe(
      'Outside the hours of the channel: monday, friday 14:00 to 16:00, America/Halifax.',
    );
    expect(reason(null, undefined)).toBeUndefined();
    expect(reason('Asia/Tokyo', undefined)).toContain('Asia/Tokyo');
  });

  it('name a zone that is known', () => {
    const routing = { matchers: [], hours: { ...office, timezone: 'Mars/Olympus' } };
    expect(() => vetRouting(routing)).toThrow(
      expect.objectContaining({ errors: [expect.objectContaining({ field: 'routing.hours.timezone' })] }),
    );
    expect(vetRouting({ ...routing, hours: office })).not.toBeNull();
  });
});
