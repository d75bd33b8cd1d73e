import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addressKey,
  type Bundled,
  bundleFrom,
  bundleRows,
  digestDelaySeconds,
  messagesPerMinuteMax,
  type OpenDigest,
} from './bundle.ts';
import type { PlannedRow } from './planned-row.ts';

function row(n: number, over: { kind?: string; recipient?: string } = {}): PlannedRow {
  const kind = over.kind ?? 'opened';
  return {
    transition: { id: `t${n}`, subjectId: `a${n}`, kind, facts: {} },
    channelId: 'c1',
    channelKind: 'email',
    channelName: 'Ops',
    recipient: over.recipient ?? 'ops@x.test',
    notSent: undefined,
  };
}

const rowsOf = (count: number, over: { kind?: string; recipient?: string } = {}) =>
  Array.from({ length: count }, (_, n) => row(n, over));

function bundle(
  rows: PlannedRow[],
  over: { sent?: number; digests?: OpenDigest[]; itemsMax?: number } = {},
): Bundled {
  return bundleRows({
    rows,
    recent: new Map([[addressKey('c1', 'ops@x.test'), over.sent ?? 0]]),
    digests: over.digests ?? [],
    toneOf: (kind) => kind,
    itemsPerMessageMax: () => over.itemsMax ?? 500,
  });
}

const sizes = ({ messages, messageOf }: Bundled) =>
  messages.map((message) => [...messageOf.values()].filter((id) => id === message.id).length);

it('sends a few alerts one by one and many together', () => {
  expect(sizes(bundle(rowsOf(bundleFrom - 1)))).toEqual([1, 1, 1]);
  expect(sizes(bundle(rowsOf(bundleFrom)))).toEqual([bundleFrom]);
});

it('never mixes recipients or openings with resolutions', () => {
  const bundled = bundle([
    ...rowsOf(4),
    ...rowsOf(4, { kind: 'resolved' }),
    ...rowsOf(4, { recipient: 'b' }),
  ]);
  expect(bundled.messages.map((message) => [message.recipient, message.tone])).toEqual([
    ['ops@x.test', 'opened'],
    ['ops@x.test', 'resolved'],
    ['b', 'opened'],
  ]);
});

it('splits alerts that do not fit into one message', () => {
  expect(sizes(bundle(rowsOf(60), { itemsMax: 25 }))).toEqual([25, 25, 10]);
});

describe('in a storm', () => {
  it('sends as many as the minute still allows and puts the rest into one digest', () => {
    const bundled = bundle(rowsOf(3), { sent: messagesPerMinuteMax - 1 });
    expect(bundled.messages.map((message) => [message.tone, message.startAfterSeconds])).toEqual([
      ['opened', 0],
      ['digest', digestDelaySeconds],
    ]);
    expect(sizes(bundled)).toEqual([1, 2]);
  });

  it('adds to the waiting digest, and begins another when it is full', () => {
    const digests = [{ messageId: 'd1', channelId: 'c1', recipient: 'ops@x.test', count: 24 }];
    const bundled = bundle(rowsOf(3), { sent: messagesPerMinuteMax, digests, itemsMax: 25 });
    expect([...bundled.messageOf.values()].filter((id) => id === 'd1')).toHaveLength(1);
    expect(sizes(bundled)).toEqual([2]);
  });

  it("does not change another recipient's digest", () => {
    const digests = [{ messageId: 'd1', channelId: 'c1', recipient: 'b', count: 0 }];
    expect([...bundle(rowsOf(1), { sent: messagesPerMinuteMax, digests }).messageOf.values()]).not.toContain(
      'd1',
    );
  });
});

it('puts every row into exactly one message, within its limit', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 90 }),
      fc.integer({ min: 0, max: 30 }),
      fc.integer({ min: 1, max: 40 }),
      (count, sent, itemsMax) => {
        const bundled = bundle([...rowsOf(count), ...rowsOf(count, { kind: 'resolved' })], {
          sent,
          itemsMax,
        });
        expect(bundled.messageOf.size).toBe(count * 2);
        expect(Math.max(0, ...sizes(bundled))).toBeLessThanOrEqual(itemsMax);
        const own = bundled.messages.filter((message) => message.tone !== 'digest').length;
        expect(own + Math.min(sent, messagesPerMinuteMax)).toBeLessThanOrEqual(messagesPerMinuteMax);
      },
    ),
  );
});
