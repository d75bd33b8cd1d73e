import {
  type ByteReader,
  type ByteWriter,
  byteWriter,
  readByte,
  readText,
  readVarint,
  reserve,
  takeBytes,
  unzigzag,
  writeText,
  writeVarint,
  zigzag,
} from './bytes.ts';
import { readNumber, writeNumber } from './decimal.ts';
import { type HeartbeatRecord, standardFields, type Values } from './record.ts';

/** Calls `visit` for every word of a record, in the order in which it is written. */
export function eachWord(record: HeartbeatRecord, visit: (word: string) => void): void {
  visit(record.status);
  if (record.appVersion !== null) visit(record.appVersion);
  for (const name in record.metrics) visit(name);
}

/** Words that repeat in every heartbeat (status, version, metric names) are stored as small numbers. */
export interface WordIds {
  /** undefined: not in the book, so the record holds the word itself. */
  idOf(word: string): number | undefined;
}
export interface WordTexts {
  textOf(id: number): string;
}

const hasSentAt = 1 << 6;
const hasSequence = 1 << 7;
const hasVersion = 1;
const hasMetrics = 2;
const inlineWord = 0;

const scratch: ByteWriter = byteWriter();

/** Row form of a heartbeat: about 30 bytes with eight numbers. `at` has its own column. */
export function encodeRecord(record: HeartbeatRecord, words: WordIds): Buffer {
  scratch.length = 0;
  writeRecord(scratch, record, words);
  return takeBytes(scratch);
}

/** The same behind what `writer` holds already. */
export function writeRecord(writer: ByteWriter, record: HeartbeatRecord, words: WordIds): void {
  reserve(writer, 2);
  const head = writer.length;
  writer.length += 2;
  const { sentAt, sequence, appVersion, metrics, values } = record;
  let present = 0;
  let flags = 0;
  writeWord(writer, record.status, words);
  if (appVersion !== null) {
    flags |= hasVersion;
    writeWord(writer, appVersion, words);
  }
  if (sentAt !== null) {
    present |= hasSentAt;
    writeVarint(writer, zigzag(sentAt - record.at));
  }
  if (sequence !== null) {
    present |= hasSequence;
    writeVarint(writer, sequence);
  }
  for (let index = 0; index < standardFields.length; index += 1) {
    const value = values[standardFields[index] ?? 'cpu_usage'];
    if (value === undefined) continue;
    present |= 1 << index;
    writeNumber(writer, value);
  }
  if (metrics !== null) {
    flags |= hasMetrics;
    writeMetrics(writer, metrics, words);
  }
  writer.buffer[head] = present;
  writer.buffer[head + 1] = flags;
}

function writeMetrics(writer: ByteWriter, metrics: Readonly<Record<string, number>>, words: WordIds): void {
  const names = Object.keys(metrics);
  writeVarint(writer, names.length);
  for (const name of names) {
    writeWord(writer, name, words);
    writeNumber(writer, metrics[name] ?? 0);
  }
}

export function writeWord(writer: ByteWriter, word: string, words: WordIds): void {
  const id = words.idOf(word);
  writeVarint(writer, id ?? inlineWord);
  if (id === undefined) writeText(writer, word);
}

export function readWord(reader: ByteReader, words: WordTexts): string {
  const id = readVarint(reader);
  return id === inlineWord ? readText(reader) : words.textOf(id);
}

export function decodeRecord(at: number, body: Uint8Array, words: WordTexts): HeartbeatRecord {
  const reader: ByteReader = { buffer: body, offset: 0 };
  const present = readByte(reader);
  const flags = readByte(reader);
  const status = readWord(reader, words);
  const appVersion = (flags & hasVersion) === 0 ? null : readWord(reader, words);
  const sentAt = (present & hasSentAt) === 0 ? null : at + unzigzag(readVarint(reader));
  const sequence = (present & hasSequence) === 0 ? null : readVarint(reader);
  const values: Values = {};
  for (let index = 0; index < standardFields.length; index += 1) {
    if ((present & (1 << index)) !== 0) values[standardFields[index] ?? 'cpu_usage'] = readNumber(reader);
  }
  const metrics = (flags & hasMetrics) === 0 ? null : readMetrics(reader, words);
  return { at, status, appVersion, sentAt, sequence, values, metrics };
}

function readMetrics(reader: ByteReader, words: WordTexts): Record<string, number> {
  const metrics: Record<string, number> = {};
  const count = readVarint(reader);
  for (let index = 0; index < count; index += 1) metrics[readWord(reader, words)] = readNumber(reader);
  return metrics;
}
