import { type ByteWriter, reserve } from '../history/bytes.ts';
import { standardFields } from '../history/record.ts';
import { writeRecord } from '../history/record-codec.ts';
import type { IntakeItem } from './item.ts';

/**
 * A batch as one binary array of `telemetry_item` (migrations 0004, 0020): PostgreSQL reads it without parsing text,
 * and one array of rows costs it less than seventeen arrays of columns. `pg` copies the parameter out before
 * `query` returns, so one buffer serves all batches of a lane.
 */
const oids = {
  bool: 16,
  bytea: 17,
  int8: 20,
  int4: 23,
  text: 25,
  json: 114,
  float8: 701,
  timestamptz: 1184,
};
const fieldCount = 17;
const postgresEpochMs = 946_684_800_000;
const wordSize = 2 ** 32;
/** Heads and fixed fields of one item; texts come on top, the body makes room for itself. */
const fixedBytesMax = 4 + 4 + fieldCount * 16;

/** `typeOid`: that of `telemetry_item` in this database. */
export function writeItems(writer: ByteWriter, typeOid: number, items: readonly IntakeItem[]): Buffer {
  writer.length = 0;
  reserve(writer, 20);
  // One dimension, no nulls, element type, length, lower bound 1.
  for (const value of [1, 0, typeOid, items.length, 1]) writeInt32(writer, value);
  for (const item of items) writeItem(writer, item);
  return writer.buffer.subarray(0, writer.length);
}

function writeItem(writer: ByteWriter, item: IntakeItem): void {
  const { record, device } = item;
  const metrics = record.metrics === null ? null : JSON.stringify(record.metrics);
  const texts = record.status.length + (record.appVersion?.length ?? 0) + (metrics?.length ?? 0);
  // Three bytes hold any UTF-16 unit.
  reserve(writer, fixedBytesMax + texts * 3);
  const start = writer.length;
  writer.length += 4;
  writeInt32(writer, fieldCount);
  writeInt4(writer, device.key);
  writeTime(writer, record.at);
  writeBool(writer, item.reported === 'degraded');
  writeBool(writer, item.buffered);
  writeText(writer, record.status);
  writeInt8(writer, record.sequence);
  writeTime(writer, record.sentAt);
  writeInt8(writer, record.sentAt === null ? null : record.sentAt - record.at);
  writeText(writer, record.appVersion);
  for (const field of standardFields) writeFloat8(writer, record.values[field]);
  writeText(writer, metrics, oids.json);
  writeBody(writer, item);
  writer.buffer.writeInt32BE(writer.length - start - 4, start);
}

function writeInt32(writer: ByteWriter, value: number): void {
  writer.length = writer.buffer.writeInt32BE(value, writer.length);
}

function writeNull(writer: ByteWriter, oid: number): void {
  writeInt32(writer, oid);
  writeInt32(writer, -1);
}

function writeInt4(writer: ByteWriter, value: number): void {
  writeInt32(writer, oids.int4);
  writeInt32(writer, 4);
  writeInt32(writer, value);
}

function writeBool(writer: ByteWriter, value: boolean): void {
  writeInt32(writer, oids.bool);
  writeInt32(writer, 1);
  writer.buffer[writer.length++] = value ? 1 : 0;
}

function writeInt64(writer: ByteWriter, oid: number, value: number): void {
  const high = Math.floor(value / wordSize);
  writeInt32(writer, oid);
  writeInt32(writer, 8);
  writeInt32(writer, high);
  writer.length = writer.buffer.writeUInt32BE(value - high * wordSize, writer.length);
}

function writeInt8(writer: ByteWriter, value: number | null): void {
  if (value === null) writeNull(writer, oids.int8);
  else writeInt64(writer, oids.int8, value);
}

/** Milliseconds since 1970 in; a timestamptz counts microseconds since 2000. */
function writeTime(writer: ByteWriter, ms: number | null): void {
  if (ms === null) writeNull(writer, oids.timestamptz);
  else writeInt64(writer, oids.timestamptz, (ms - postgresEpochMs) * 1000);
}

function writeFloat8(writer: ByteWriter, value: number | undefined): void {
  if (value === undefined) {
    writeNull(writer, oids.float8);
    return;
  }
  writeInt32(writer, oids.float8);
  writeInt32(writer, 8);
  writer.length = writer.buffer.writeDoubleBE(value, writer.length);
}

function writeText(writer: ByteWriter, text: string | null, oid: number = oids.text): void {
  if (text === null) {
    writeNull(writer, oid);
    return;
  }
  writeInt32(writer, oid);
  const written = writer.buffer.write(text, writer.length + 4);
  writeInt32(writer, written);
  writer.length += written;
}

/** Packed for history, in place: no buffer of its own per heartbeat. */
function writeBody(writer: ByteWriter, item: IntakeItem): void {
  writeInt32(writer, oids.bytea);
  const lengthAt = writer.length;
  writer.length += 4;
  writeRecord(writer, item.record, item.words);
  writer.buffer.writeInt32BE(writer.length - lengthAt - 4, lengthAt);
}
