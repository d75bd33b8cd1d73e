import { type ByteReader, type ByteWriter, brokenRecord, readByte, reserve } from './bytes.ts';

/**
 * One number in 1 to 9 bytes, exactly. Most measured values are short decimals (42.7 = 427 / 10): those
 * keep their digits as a whole number and a scale; whatever is no short decimal keeps its eight bytes.
 * Head byte: sign (1 bit), mantissa bytes (3 bits, 7 = eight raw bytes), decimal scale (4 bits).
 */
export const scaleMax = 9;
const mantissaBytesMax = 6;
const mantissaMax = 2 ** (8 * mantissaBytesMax) - 1;
const rawLength = 7;

export const powersOfTen: readonly number[] = Array.from({ length: scaleMax + 1 }, (_, power) => 10 ** power);

const raw = new DataView(new ArrayBuffer(8));

export function writeNumber(writer: ByteWriter, value: number): void {
  reserve(writer, 9);
  const scale = decimalScale(value);
  if (scale < 0) {
    writeRaw(writer, value);
    return;
  }
  let mantissa = Math.round(Math.abs(value) * (powersOfTen[scale] ?? 1));
  const head = writer.length;
  let offset = head + 1;
  const { buffer } = writer;
  while (mantissa > 0) {
    buffer[offset++] = mantissa % 256;
    mantissa = Math.floor(mantissa / 256);
  }
  const sign = value < 0 || Object.is(value, -0) ? 0x80 : 0;
  buffer[head] = sign | ((offset - head - 1) << 4) | scale;
  writer.length = offset;
}

function writeRaw(writer: ByteWriter, value: number): void {
  writer.buffer[writer.length] = rawLength << 4;
  writer.buffer.writeDoubleLE(value, writer.length + 1);
  writer.length += 9;
}

/** The smallest scale at which `value` is a whole number that divides back to the very same double, or -1. */
export function decimalScale(value: number): number {
  const size = Math.abs(value);
  for (let scale = 0; scale <= scaleMax; scale += 1) {
    const power = powersOfTen[scale] ?? 1;
    const mantissa = Math.round(size * power);
    if (mantissa > mantissaMax) return -1;
    if (mantissa / power === size) return scale;
  }
  return -1;
}

export function readNumber(reader: ByteReader): number {
  const head = readByte(reader);
  const length = (head >> 4) & 7;
  if (length === rawLength) {
    for (let index = 0; index < 8; index += 1) raw.setUint8(index, readByte(reader));
    return raw.getFloat64(0, true);
  }
  let mantissa = 0;
  let unit = 1;
  for (let index = 0; index < length; index += 1) {
    mantissa += readByte(reader) * unit;
    unit *= 256;
  }
  const power = powersOfTen[head & 15];
  if (power === undefined) throw brokenRecord();
  const size = mantissa / power;
  return head >= 0x80 ? -size : size;
}
