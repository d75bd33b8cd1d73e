import { expect, it } from 'vitest';
import type { EarlierRow } from '#modules/delivery';
import { judgeResolution } from './gate.ts';

function earlier(over: Partial<EarlierRow> = {}): EarlierRow {
  return {
    notificationId: 'n1',
    messageId: 'm1',
    status: 'pending',
    reason: null,
    inFlight: false,
    maybeDelivered: false,
    ...over,
  };
}

it('tells the end of what was told', () => {
  expect(judgeResolution([earlier({ status: 'sent' })], 'm2')).toEqual({ verdict: 'tell', withdraw: [] });
});

it('waits while the opening is on its way', () => {
  expect(judgeResolution([earlier({ inFlight: true })], 'm2')).toEqual({ verdict: 'wait' });
});

it('tells neither when the opening still waits to be tried', () => {
  const opening = earlier();
  expect(judgeResolution([opening], 'm2')).toEqual({
    verdict: 'skip',
    withdraw: [opening],
    reason: 'It recovered before anyone was told.',
  });
});

it('tells the end, and the opening no more, when an attempt at it may have arrived', () => {
  const opening = earlier({ maybeDelivered: true });
  expect(judgeResolution([opening], 'm2')).toEqual({ verdict: 'tell', withdraw: [opening] });
});

it('withdraws a reminder that waits when the opening had been told', () => {
  const reminder = earlier({ notificationId: 'n2', messageId: 'm3' });
  expect(judgeResolution([earlier({ status: 'sent' }), reminder], 'm2')).toEqual({
    verdict: 'tell',
    withdraw: [reminder],
  });
});

it('tells neither when both stand in the digest that is about to go', () => {
  expect(judgeResolution([earlier({ messageId: 'm2' })], 'm2')).toMatchObject({ verdict: 'skip' });
});

it('gives the reason of an opening that failed', () => {
  expect(judgeResolution([earlier({ status: 'failed', reason: 'The receiver refused it.' })], 'm2')).toEqual({
    verdict: 'skip',
    withdraw: [],
    reason: 'They were not told of the opening: The receiver refused it.',
  });
});

it('tells nobody the end of what has no opening', () => {
  expect(judgeResolution([], 'm2')).toMatchObject({ verdict: 'skip' });
});
