import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byteWriter, readVarint, takeBytes, unzigzag, writeVarint, zigzag } from './bytes.ts';
import { decodeChunk, encodeChunk } from './chunk-codec.ts';
import { readIntegers, readNumbers, writeIntegers, writeNumbers } from './columns.ts';
import { readNumber, writeNumber } from './decimal.ts';
import { type HeartbeatRecord, standardFields, type Values } from './record.ts';
import { decodeRecord, encodeRecord, type WordIds, type WordTexts } from './record-codec.ts';
import { addRecord, toRollups } from './rollup.ts';
import { decodeRollup, encodeRollup, withoutDust } from './rollup-codec.ts';

/** Numbers like those of devices (short decimals), and all that JSON can contain. */
const number = fc.oneof(
  fc.integer({ min: -1_000_000, max: 1_000_000 }).map((value) => value / 100),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.constantFrom(
    0,
    -0,
    1e300,
    -1e300,
    5e-324,
    Number.MAX_SAFE_INTEGER,
    2 ** 53,
    0.1 + 0.2,
    1 / 3,
    1e15,
    -1e15,
  ),
);
const word = fc.oneof(
  fc.constantFrom('ok', 'degraded', '2.14.3'),
  fc.string({ minLength: 1, maxLength: 20 }),
);
const metricName = fc.oneof(
  fc.constantFrom('queue', 'temp'),
  fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.:/-]{0,20}$/),
);
const time = fc.integer({ min: 0, max: Date.UTC(2199, 0, 1) });

const values: fc.Arbitrary<Values> = fc.record(
  Object.fromEntries(standardFields.map((field) => [field, number])),
  { requiredKeys: [] },
);
const record: fc.Arbitrary<HeartbeatRecord> = fc.record({
  at: time,
  status: word,
  appVersion: fc.option(word),
  sentAt: fc.option(time),
  sequence: fc.option(
    fc.oneof(
      fc.nat(),
      fc.maxSafeNat().map((value) => value % 2 ** 52),
      fc.constant(2 ** 52),
    ),
  ),
  values,
  metrics: fc.option(fc.dictionary(metricName, number, { minKeys: 1, maxKeys: 8, noNullPrototype: true })),
});

function book(capacity: number): WordIds & WordTexts {
  const texts: string[] = [];
  return {
    idOf(text) {
      if (!texts.includes(text) && texts.length < capacity) texts.push(text);
      const index = texts.indexOf(text);
      return index < 0 ? undefined : index + 1;
    },
    textOf: (id) => texts[id - 1] ?? 'missing',
  };
}

test('varints and zigzag return every whole number up to their limits', () => {
  fc.assert(
    fc.property(fc.oneof(fc.maxSafeNat(), fc.constant(2 ** 53)), (value) => {
      const writer = byteWriter();
      writeVarint(writer, value);
      expect(readVarint({ buffer: takeBytes(writer), offset: 0 })).toBe(value);
    }),
  );
  fc.assert(
    fc.property(fc.integer({ min: -(2 ** 52) + 1, max: 2 ** 52 }), (value) => {
      expect(unzigzag(zigzag(value))).toBe(value);
    }),
  );
});

test('one number comes back as the very same double, in nine bytes at most', () => {
  fc.assert(
    fc.property(number, (value) => {
      const writer = byteWriter();
      writeNumber(writer, value);
      const bytes = takeBytes(writer);
      expect(bytes.length).toBeLessThanOrEqual(9);
      expect(Object.is(readNumber({ buffer: bytes, offset: 0 }), value)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test('short decimals take only as many bytes as their digits need', () => {
  const sizes = [0, 7, 42.7, 128.45, -0.5].map((value) => {
    const writer = byteWriter();
    writeNumber(writer, value);
    return takeBytes(writer).length;
  });
  expect(sizes).toEqual([1, 2, 3, 3, 2]);
});

test('columns of decimals and of whole numbers come back exactly, with their gaps', () => {
  fc.assert(
    fc.property(fc.array(fc.option(number), { maxLength: 60 }), (column) => {
      const writer = byteWriter();
      writeNumbers(writer, column);
      expect(readNumbers({ buffer: takeBytes(writer), offset: 0 }, column.length)).toEqual(column);
    }),
    { numRuns: 500 },
  );
  const integer = fc.oneof(fc.integer(), fc.integer({ min: 0, max: 2 ** 52 }));
  fc.assert(
    fc.property(
      fc.array(fc.option(integer), { maxLength: 60 }),
      fc.constantFrom(0, 1, 2),
      (column, differences) => {
        const writer = byteWriter();
        writeIntegers(writer, column, differences);
        expect(readIntegers({ buffer: takeBytes(writer), offset: 0 }, column.length)).toEqual(column);
      },
    ),
    { numRuns: 500 },
  );
});

test('a packed heartbeat comes back exactly, with words from the word book or spelled out', () => {
  fc.assert(
    fc.property(record, fc.constantFrom(0, 2, 100), (original, capacity) => {
      const words = book(capacity);
      expect(decodeRecord(original.at, encodeRecord(original, words), words)).toEqual(original);
    }),
    { numRuns: 1_000 },
  );
});

test('a packed day comes back exactly: changing fields, metric names, versions, times and gaps', () => {
  fc.assert(
    fc.property(fc.array(record, { maxLength: 40 }), (records) => {
      const sorted = records.toSorted((one, other) => one.at - other.at);
      expect(decodeChunk(encodeChunk(sorted))).toEqual(sorted);
    }),
    { numRuns: 300 },
  );
});

test('a day of one device at an even pace packs into a few bytes per heartbeat', () => {
  const records = Array.from({ length: 2_880 }, (_, index): HeartbeatRecord => {
    const sentAt = Date.UTC(2026, 2, 2) + index * 30_000;
    return {
      at: sentAt + 12 + (index % 7),
      status: 'ok',
      appVersion: '2.14.3',
      sentAt,
      sequence: index,
      values: { cpu_usage: Math.round(Math.sin(index / 200) * 500) / 10, disk_usage: 71.2 },
      metrics: null,
    };
  });
  const bytes = encodeChunk(records);
  expect(decodeChunk(bytes)).toEqual(records);
  expect(bytes.length / records.length).toBeLessThan(3);
});

test('damaged bytes are refused, not misread', () => {
  expect(() => decodeChunk(Buffer.from('not a chunk'))).toThrow();
  expect(() => decodeRecord(0, Buffer.from([0xff, 1]), book(1))).toThrow(/cannot be read/);
});

test('a rollup comes back with its counts and extremes', () => {
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 20 }), (records) => {
      const words = book(100);
      for (const rollup of toRollups(
        records.toSorted((one, other) => one.at - other.at),
        5,
        addRecord,
      )) {
        const back = decodeRollup(rollup.at, encodeRollup(rollup, words), words);
        expect(back.count).toBe(rollup.count);
        for (const [name, summary] of rollup.fields) {
          expect(back.fields.get(name)).toEqual({ ...summary, sum: withoutDust(summary.sum) });
        }
      }
    }),
    { numRuns: 200 },
  );
});

test('a sum of decimals loses only its binary rounding error', () => {
  expect(withoutDust(0.1 + 0.2)).toBe(0.3);
  expect(withoutDust(1 / 3)).toBe(1 / 3);
  expect(withoutDust(1e-9)).toBe(1e-9);
});
