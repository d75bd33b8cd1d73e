import {
  type ByteReader,
  type ByteWriter,
  brokenRecord,
  readByte,
  readVarint,
  reserve,
  unzigzag,
  writeVarint,
  zigzag,
} from './bytes.ts';
import { decimalScale, powersOfTen, scaleMax } from './decimal.ts';

/** How a column of numbers is written: whole numbers of one decimal scale, or eight bytes each. */
const rawScale = 15;
const differencesMax = 2;
/** First differences of values below this, doubled by zigzag, are still whole numbers that doubles hold exactly. */
const integerMax = 2 ** 50;
/** The same for differences of differences. */
const secondDifferenceMax = 2 ** 49;

/** How many times neighbours may be subtracted before a double no longer holds the result exactly. */
function exactDifferences(column: readonly (number | null)[]): 0 | 1 | 2 {
  let largest = 0;
  for (const value of column) if (value !== null) largest = Math.max(largest, Math.abs(value));
  if (largest <= secondDifferenceMax) return 2;
  return largest <= integerMax ? 1 : 0;
}

/** Whole numbers (at most 2^52) with gaps, as first or second differences: zigzag varints that zstd then folds. */
export function writeIntegers(
  writer: ByteWriter,
  column: readonly (number | null)[],
  differences: 0 | 1 | 2,
): void {
  writePresence(writer, column);
  const order = Math.min(differences, exactDifferences(column));
  writeVarint(writer, order);
  let last = 0;
  let lastStep = 0;
  for (const value of column) {
    if (value === null) continue;
    const step = value - last;
    writeVarint(writer, zigzag(order === 0 ? value : order === 1 ? step : step - lastStep));
    last = value;
    lastStep = step;
  }
}

export function readIntegers(reader: ByteReader, count: number): (number | null)[] {
  const present = readPresence(reader, count);
  const differences = readVarint(reader);
  if (differences > differencesMax) throw brokenRecord();
  let last = 0;
  let lastStep = 0;
  return present.map((there) => {
    if (!there) return null;
    const read = unzigzag(readVarint(reader));
    const step = differences === 0 ? read - last : differences === 1 ? read : read + lastStep;
    last += step;
    lastStep = step;
    return last;
  });
}

export function writeNumbers(writer: ByteWriter, column: readonly (number | null)[]): void {
  const scale = commonScale(column);
  reserve(writer, 1);
  writer.buffer[writer.length++] = scale;
  if (scale === rawScale) {
    writeRawNumbers(writer, column);
    return;
  }
  const power = powersOfTen[scale] ?? 1;
  const integers = column.map((value) => (value === null ? null : Math.round(value * power)));
  writeIntegers(writer, integers, smoothest(integers));
}

export function readNumbers(reader: ByteReader, count: number): (number | null)[] {
  const scale = readByte(reader);
  if (scale === rawScale) return readRawNumbers(reader, count);
  const power = powersOfTen[scale];
  if (power === undefined) throw brokenRecord();
  return readIntegers(reader, count).map((value) => (value === null ? null : value / power));
}

/**
 * The scale at which every value of the column divides back exactly; -0 and values without a short decimal
 * have none.
 */
function commonScale(column: readonly (number | null)[]): number {
  let scale = 0;
  for (const value of column) {
    if (value === null) continue;
    const own = Object.is(value, -0) ? -1 : decimalScale(value);
    if (own < 0) return rawScale;
    if (own > scale) scale = own;
  }
  const power = powersOfTen[Math.min(scale, scaleMax)] ?? 1;
  const exact = column.every(
    (value) =>
      value === null || (Math.abs(value * power) < integerMax && Math.round(value * power) / power === value),
  );
  return exact ? scale : rawScale;
}

/** Values that jump about are smaller than their differences, values that drift are larger. */
function smoothest(column: readonly (number | null)[]): 0 | 1 {
  let plain = 0;
  let stepped = 0;
  let last = 0;
  for (const value of column) {
    if (value === null) continue;
    plain += Math.log2(1 + Math.abs(value));
    stepped += Math.log2(1 + Math.abs(value - last));
    last = value;
  }
  return stepped < plain ? 1 : 0;
}

/**
 * Bytes of equal weight are stored together: the exponents of neighbours are similar, their last digits are
 * noise.
 */
function writeRawNumbers(writer: ByteWriter, column: readonly (number | null)[]): void {
  writePresence(writer, column);
  const values = Float64Array.from(column.filter((value) => value !== null));
  const bytes = new Uint8Array(values.buffer);
  reserve(writer, bytes.length);
  for (let plane = 0; plane < 8; plane += 1) {
    for (let index = plane; index < bytes.length; index += 8)
      writer.buffer[writer.length++] = bytes[index] ?? 0;
  }
}

function readRawNumbers(reader: ByteReader, count: number): (number | null)[] {
  const present = readPresence(reader, count);
  const values = new Float64Array(present.filter(Boolean).length);
  const bytes = new Uint8Array(values.buffer);
  for (let plane = 0; plane < 8; plane += 1) {
    for (let index = plane; index < bytes.length; index += 8) bytes[index] = readByte(reader);
  }
  let next = 0;
  return present.map((there) => (there ? (values[next++] ?? null) : null));
}

/** 0: all present; 1: none present; 2: a bit for each. */
function writePresence(writer: ByteWriter, column: readonly (number | null)[]): void {
  const there = column.reduce<number>((sum, value) => sum + (value === null ? 0 : 1), 0);
  reserve(writer, 1 + Math.ceil(column.length / 8));
  writer.buffer[writer.length++] = there === column.length ? 0 : there === 0 ? 1 : 2;
  if (there === column.length || there === 0) return;
  for (let start = 0; start < column.length; start += 8) {
    let byte = 0;
    for (let bit = 0; bit < 8; bit += 1) if ((column[start + bit] ?? null) !== null) byte |= 1 << bit;
    writer.buffer[writer.length++] = byte;
  }
}

function readPresence(reader: ByteReader, count: number): boolean[] {
  const mode = readByte(reader);
  if (mode !== 2) return new Array<boolean>(count).fill(mode === 0);
  const present: boolean[] = [];
  for (let start = 0; start < count; start += 8) {
    const byte = readByte(reader);
    for (let bit = 0; bit < 8 && present.length < count; bit += 1) present.push((byte & (1 << bit)) !== 0);
  }
  return present;
}
