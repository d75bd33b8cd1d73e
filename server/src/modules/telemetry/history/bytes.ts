import { AppError } from '#platform/errors';

/** Grows on demand and is reused: one writer serves all records of a process. */
export interface ByteWriter {
  buffer: Buffer;
  length: number;
}

const startBytes = 4096;

export function byteWriter(): ByteWriter {
  return { buffer: Buffer.allocUnsafe(startBytes), length: 0 };
}

/** A copy of what was written; the writer starts over. */
export function takeBytes(writer: ByteWriter): Buffer {
  const bytes = Buffer.from(writer.buffer.subarray(0, writer.length));
  writer.length = 0;
  return bytes;
}

export function reserve(writer: ByteWriter, bytes: number): void {
  const needed = writer.length + bytes;
  if (needed <= writer.buffer.length) return;
  const grown = Buffer.allocUnsafe(Math.max(needed, writer.buffer.length * 2));
  writer.buffer.copy(grown, 0, 0, writer.length);
  writer.buffer = grown;
}

export interface ByteReader {
  readonly buffer: Uint8Array;
  offset: number;
}

export function readByte(reader: ByteReader): number {
  const byte = reader.buffer[reader.offset];
  if (byte === undefined) throw brokenRecord();
  reader.offset += 1;
  return byte;
}

/** Our own bytes came back wrong: a bug or a damaged disk, never a caller's fault. */
export class BrokenRecord extends AppError {
  constructor() {
    super('internal', 'A stored history record cannot be read.');
  }
}

export function brokenRecord(): BrokenRecord {
  return new BrokenRecord();
}

const varintBytesMax = 9;

/** Whole numbers from 0 to 2^53, seven bits to a byte. Plain arithmetic, since bit operators stop at 32 bits. */
export function writeVarint(writer: ByteWriter, value: number): void {
  reserve(writer, varintBytesMax);
  const { buffer } = writer;
  let rest = value;
  let offset = writer.length;
  while (rest > 0x7f) {
    buffer[offset++] = (rest % 128) | 0x80;
    rest = Math.floor(rest / 128);
  }
  buffer[offset++] = rest;
  writer.length = offset;
}

export function readVarint(reader: ByteReader): number {
  let value = 0;
  let unit = 1;
  for (let count = 0; count < varintBytesMax; count += 1) {
    const byte = readByte(reader);
    value += (byte & 0x7f) * unit;
    if (byte < 0x80) return value;
    unit *= 128;
  }
  throw brokenRecord();
}

/** Magnitudes up to 2^52, sign in the lowest bit. */
export function zigzag(value: number): number {
  return value < 0 ? -value * 2 - 1 : value * 2;
}

export function unzigzag(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}

export function writeText(writer: ByteWriter, text: string): void {
  const bytes = Buffer.byteLength(text);
  writeVarint(writer, bytes);
  reserve(writer, bytes);
  writer.length += writer.buffer.write(text, writer.length);
}

export function readText(reader: ByteReader): string {
  const length = readVarint(reader);
  const end = reader.offset + length;
  if (end > reader.buffer.length) throw brokenRecord();
  const text = Buffer.from(reader.buffer.buffer, reader.buffer.byteOffset + reader.offset, length).toString(
    'utf8',
  );
  reader.offset = end;
  return text;
}
