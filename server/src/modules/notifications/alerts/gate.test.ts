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

it('tells the end of an alert that was told', () => {
  expect(judgeResolution([earlier({ status: 'sent' })], 'm2')).toEqual({ verdict: 'tell', withdraw: [] });
});

it('waits while the opening is on its way', () => {
  expect(judgeResolution([earlier({ inFlight: true })], 'm2')).toEqual({ verdict: 'wait' });
});

it('tells neither when the opening was not tried yet', () => {
  const opening = earlier();
  expect(judgeResolution([opening], 'm2')).toEqual({
    verdict: 'skip',
    withdraw: [opening],
    reason: 'It recovered before anyone was told.',
  });
});

it('tells the end, and withdraws the opening, when an attempt at it may have arrived', () => {
  const opening = earlier({ maybeDelivered: true });
  expect(judgeResolution([opening], 'm2')).toEqual({ verdict: 'tell', withdraw: [opening] });
});

it('withdraws a waiting reminder when the opening was told', () => {
  const reminder = earlier({ notificationId: 'n2', messageId: 'm3' });
  expect(judgeResolution([earlier({ status: 'sent' }), reminder], 'm2')).toEqual({
    verdict: 'tell',
    withdraw: [reminder],
  });
});

it('tells neither when both are in the digest about to be sent', () => {
  expect(judgeResolution([earlier({ messageId: 'm2' })], 'm2')).toMatchObject({ verdict: 'skip' });
});

it('gives the reason of an opening that failed', () => {
  expect(judgeResolution([earlier({ status: 'failed', reason: 'The receiver refused it.' })], 'm2')).toEqual({
    verdict: 'skip',
    withdraw: [],
    reason: 'They were not told of the opening: The receiver refused it.',
  });
});

it('tells nobody the end of an alert without an opening', () => {
  expect(judgeResolution([], 'm2')).toMatchObject({ verdict: 'skip' });
});
