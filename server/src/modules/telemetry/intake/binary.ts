import { type ByteWriter, byteWriter, reserve } from '../history/bytes.ts';

/**
 * Columns of a batch as PostgreSQL's binary arrays: the server copies them instead of parsing text, which
 * for a batch of heartbeats is most of the work. All share one scratch buffer: `pg` copies each parameter
 * out before `query` returns.
 */
const oids = {
  bool: 16,
  bytea: 17,
  int8: 20,
  int4: 23,
  text: 25,
  float8: 701,
  timestamptz: 1184,
  jsonb: 3802,
};
const postgresEpochMs = 946_684_800_000;
const jsonbVersion = 1;
const wordSize = 2 ** 32;

export interface ColumnBuffer {
  readonly writer: ByteWriter;
}

export function columnBuffer(): ColumnBuffer {
  return { writer: byteWriter() };
}

/** Call before the first column of a batch. */
export function startBatch(columns: ColumnBuffer): void {
  columns.writer.length = 0;
}

/** @returns the place where this column begins. */
function begin(writer: ByteWriter, oid: number, count: number, bytesEach: number): number {
  reserve(writer, 20 + count * (4 + bytesEach));
  const start = writer.length;
  const { buffer } = writer;
  // One dimension, nulls possible, element type, length, lower bound 1.
  buffer.writeInt32BE(1, start);
  buffer.writeInt32BE(1, start + 4);
  buffer.writeInt32BE(oid, start + 8);
  buffer.writeInt32BE(count, start + 12);
  buffer.writeInt32BE(1, start + 16);
  writer.length = start + 20;
  return start;
}

function writeNull(writer: ByteWriter): void {
  writer.buffer.writeInt32BE(-1, writer.length);
  writer.length += 4;
}

export function int4Column<T>(columns: ColumnBuffer, items: readonly T[], pick: (item: T) => number): Buffer {
  const { writer } = columns;
  const start = begin(writer, oids.int4, items.length, 4);
  const { buffer } = writer;
  for (const item of items) {
    buffer.writeInt32BE(4, writer.length);
    buffer.writeInt32BE(pick(item), writer.length + 4);
    writer.length += 8;
  }
  return buffer.subarray(start, writer.length);
}

export function boolColumn<T>(
  columns: ColumnBuffer,
  items: readonly T[],
  pick: (item: T) => boolean,
): Buffer {
  const { writer } = columns;
  const start = begin(writer, oids.bool, items.length, 1);
  const { buffer } = writer;
  for (const item of items) {
    buffer.writeInt32BE(1, writer.length);
    buffer[writer.length + 4] = pick(item) ? 1 : 0;
    writer.length += 5;
  }
  return buffer.subarray(start, writer.length);
}

function writeInt64(writer: ByteWriter, value: number): void {
  const high = Math.floor(value / wordSize);
  writer.buffer.writeInt32BE(8, writer.length);
  writer.buffer.writeInt32BE(high, writer.length + 4);
  writer.buffer.writeUInt32BE(value - high * wordSize, writer.length + 8);
  writer.length += 12;
}

export function int8Column<T>(
  columns: ColumnBuffer,
  items: readonly T[],
  pick: (item: T) => number | null,
): Buffer {
  const { writer } = columns;
  const start = begin(writer, oids.int8, items.length, 8);
  for (const item of items) {
    const value = pick(item);
    if (value === null) writeNull(writer);
    else writeInt64(writer, value);
  }
  return writer.buffer.subarray(start, writer.length);
}

/** Milliseconds since 1970 in; a timestamptz counts microseconds since 2000. */
export function timeColumn<T>(
  columns: ColumnBuffer,
  items: readonly T[],
  pick: (item: T) => number | null,
): Buffer {
  const { writer } = columns;
  const start = begin(writer, oids.timestamptz, items.length, 8);
  for (const item of items) {
    const value = pick(item);
    if (value === null) writeNull(writer);
    else writeInt64(writer, (value - postgresEpochMs) * 1000);
  }
  return writer.buffer.subarray(start, writer.length);
}

export function float8Column<T>(
  columns: ColumnBuffer,
  items: readonly T[],
  pick: (item: T) => number | undefined,
): Buffer {
  const { writer } = columns;
  const start = begin(writer, oids.float8, items.length, 8);
  const { buffer } = writer;
  for (const item of items) {
    const value = pick(item);
    if (value === undefined) {
      writeNull(writer);
      continue;
    }
    buffer.writeInt32BE(8, writer.length);
    buffer.writeDoubleBE(value, writer.length + 4);
    writer.length += 12;
  }
  return buffer.subarray(start, writer.length);
}

/** `head`: a byte before each text, which binary jsonb wants. */
function texts<T>(
  columns: ColumnBuffer,
  items: readonly T[],
  oid: number,
  pick: (item: T) => string | null,
  head: number | null,
): Buffer {
  const { writer } = columns;
  const start = begin(writer, oid, items.length, 0);
  for (const item of items) {
    const value = pick(item);
    // Three bytes hold any UTF-16 unit.
    reserve(writer, 5 + (value === null ? 0 : value.length * 3));
    if (value === null) {
      writeNull(writer);
      continue;
    }
    const { buffer } = writer;
    const lengthAt = writer.length;
    let offset = lengthAt + 4;
    if (head !== null) buffer[offset++] = head;
    offset += buffer.write(value, offset);
    buffer.writeInt32BE(offset - lengthAt - 4, lengthAt);
    writer.length = offset;
  }
  return writer.buffer.subarray(start, writer.length);
}

export function textColumn<T>(
  columns: ColumnBuffer,
  items: readonly T[],
  pick: (item: T) => string | null,
): Buffer {
  return texts(columns, items, oids.text, pick, null);
}

/** JSON text in, jsonb out. */
export function jsonbColumn<T>(
  columns: ColumnBuffer,
  items: readonly T[],
  pick: (item: T) => string | null,
): Buffer {
  return texts(columns, items, oids.jsonb, pick, jsonbVersion);
}

export function byteaColumn<T>(
  columns: ColumnBuffer,
  items: readonly T[],
  pick: (item: T) => Buffer,
): Buffer {
  const { writer } = columns;
  const start = begin(writer, oids.bytea, items.length, 0);
  for (const item of items) {
    const value = pick(item);
    reserve(writer, 4 + value.length);
    writer.buffer.writeInt32BE(value.length, writer.length);
    writer.buffer.set(value, writer.length + 4);
    writer.length += 4 + value.length;
  }
  return writer.buffer.subarray(start, writer.length);
}
