import { type ByteReader, byteWriter, readVarint, takeBytes, writeVarint } from './bytes.ts';
import { readNumber, writeNumber } from './decimal.ts';
import { readWord, type WordIds, type WordTexts, writeWord } from './record-codec.ts';
import type { FieldSummary, Rollup } from './rollup.ts';

const scratch = byteWriter();

export function encodeRollup(rollup: Rollup, words: WordIds): Buffer {
  const writer = scratch;
  writer.length = 0;
  writeVarint(writer, rollup.count);
  writeVarint(writer, rollup.fields.size);
  for (const [name, summary] of rollup.fields) {
    writeWord(writer, name, words);
    writeVarint(writer, summary.count);
    writeNumber(writer, summary.min);
    writeNumber(writer, summary.max);
    writeNumber(writer, withoutDust(summary.sum));
    writeNumber(writer, summary.last);
  }
  return takeBytes(writer);
}

const dustScale = 1e6;
const dustShare = 1e-12;

/** Sums of short decimals carry binary dust (427.00000000000006) that would cost six bytes and means nothing. */
export function withoutDust(sum: number): number {
  const rounded = Math.round(sum * dustScale) / dustScale;
  return Math.abs(rounded - sum) <= Math.abs(sum) * dustShare ? rounded : sum;
}

export function decodeRollup(at: number, body: Uint8Array, words: WordTexts): Rollup {
  const reader: ByteReader = { buffer: body, offset: 0 };
  const count = readVarint(reader);
  const fieldCount = readVarint(reader);
  const fields = new Map<string, FieldSummary>();
  for (let index = 0; index < fieldCount; index += 1) {
    fields.set(readWord(reader, words), {
      count: readVarint(reader),
      min: readNumber(reader),
      max: readNumber(reader),
      sum: readNumber(reader),
      last: readNumber(reader),
    });
  }
  return { at, count, fields };
}
