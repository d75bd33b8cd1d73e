import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import {
  type ByteReader,
  type ByteWriter,
  brokenRecord,
  byteWriter,
  readByte,
  readText,
  readVarint,
  takeBytes,
  writeText,
  writeVarint,
} from './bytes.ts';
import { readIntegers, readNumbers, writeIntegers, writeNumbers } from './columns.ts';
import { type HeartbeatRecord, type StandardField, standardFields } from './record.ts';

const formatVersion = 1;
/** Chosen by bench/storage: above this level the time doubles for less than 1 %. */
const zstdLevel = 12;
/** A day of one device at one heartbeat every 100 ms is 864,000; more than this is not read as one. */
export const chunkRecordsMax = 1_000_000;
const chunkBytesMax = 256 * 1024 * 1024;

const kindMetric = 1;
const kindStandard = 0;

/** A device's day as columns: neighbours in time are alike, rows are not. Records are in order of `at`. */
export function encodeChunk(records: readonly HeartbeatRecord[]): Buffer {
  const writer = byteWriter();
  writer.buffer[writer.length++] = formatVersion;
  writeVarint(writer, records.length);
  writeTimes(writer, records);
  writeIntegers(
    writer,
    records.map((record) => record.sequence),
    2,
  );
  writeTexts(
    writer,
    records.map((record) => record.status),
  );
  writeTexts(
    writer,
    records.map((record) => record.appVersion ?? ''),
  );
  const standard = standardFields.filter((field) =>
    records.some((record) => record.values[field] !== undefined),
  );
  const metrics = new Set(records.flatMap((record) => Object.keys(record.metrics ?? {})));
  writeVarint(writer, standard.length + metrics.size);
  for (const field of standard) {
    writer.buffer[writer.length++] = kindStandard;
    writeText(writer, field);
    writeNumbers(
      writer,
      records.map((record) => record.values[field] ?? null),
    );
  }
  for (const name of metrics) {
    writeVarint(writer, kindMetric);
    writeText(writer, name);
    writeNumbers(
      writer,
      records.map((record) => metricOf(record, name)),
    );
  }
  return zstdCompressSync(takeBytes(writer), { params: { [constants.ZSTD_c_compressionLevel]: zstdLevel } });
}

function metricOf(record: HeartbeatRecord, name: string): number | null {
  if (record.metrics === null || !Object.hasOwn(record.metrics, name)) return null;
  return record.metrics[name] ?? null;
}

/**
 * A device sends at an even pace by its own clock; jitter comes from the network. So its own time comes
 * first (second differences near zero), then the delay until we received it.
 */
function writeTimes(writer: ByteWriter, records: readonly HeartbeatRecord[]): void {
  const sent = records.map((record) => record.sentAt);
  writeIntegers(writer, sent, 2);
  writeIntegers(
    writer,
    records.filter((record) => record.sentAt === null).map((record) => record.at),
    2,
  );
  writeIntegers(
    writer,
    records.flatMap((record) => (record.sentAt === null ? [] : [record.at - record.sentAt])),
    1,
  );
}

function readTimes(reader: ByteReader, count: number): { at: number; sentAt: number | null }[] {
  const sent = readIntegers(reader, count);
  const missing = sent.filter((value) => value === null).length;
  const plain = readIntegers(reader, missing);
  const delays = readIntegers(reader, count - missing);
  let nextPlain = 0;
  let nextDelay = 0;
  return sent.map((sentAt) =>
    sentAt === null
      ? { at: plain[nextPlain++] ?? 0, sentAt }
      : { at: sentAt + (delays[nextDelay++] ?? 0), sentAt },
  );
}

/** Runs of one word: a day of one device mostly has one version and one status. */
function writeTexts(writer: ByteWriter, texts: readonly string[]): void {
  const runs: { text: string; length: number }[] = [];
  for (const text of texts) {
    const last = runs.at(-1);
    if (last?.text === text) last.length += 1;
    else runs.push({ text, length: 1 });
  }
  const words = [...new Set(runs.map((run) => run.text))];
  const indexOf = new Map(words.map((word, index) => [word, index]));
  writeVarint(writer, words.length);
  for (const word of words) writeText(writer, word);
  writeVarint(writer, runs.length);
  for (const run of runs) {
    writeVarint(writer, indexOf.get(run.text) ?? 0);
    writeVarint(writer, run.length);
  }
}

function readTexts(reader: ByteReader, count: number): string[] {
  const words: string[] = [];
  const wordCount = readVarint(reader);
  for (let index = 0; index < wordCount; index += 1) words.push(readText(reader));
  const texts: string[] = [];
  const runCount = readVarint(reader);
  for (let run = 0; run < runCount; run += 1) {
    const word = words[readVarint(reader)];
    const length = readVarint(reader);
    if (word === undefined || texts.length + length > count) throw brokenRecord();
    for (let index = 0; index < length; index += 1) texts.push(word);
  }
  if (texts.length !== count) throw brokenRecord();
  return texts;
}

export function decodeChunk(bytes: Uint8Array): HeartbeatRecord[] {
  const reader: ByteReader = {
    buffer: zstdDecompressSync(bytes, { maxOutputLength: chunkBytesMax }),
    offset: 0,
  };
  if (readByte(reader) !== formatVersion) throw brokenRecord();
  const count = readVarint(reader);
  if (count > chunkRecordsMax) throw brokenRecord();
  const times = readTimes(reader, count);
  const sequences = readIntegers(reader, count);
  const statuses = readTexts(reader, count);
  const versions = readTexts(reader, count);
  const records = times.map(
    ({ at, sentAt }, index): HeartbeatRecord => ({
      at,
      status: statuses[index] ?? '',
      appVersion: versions[index] || null,
      sentAt,
      sequence: sequences[index] ?? null,
      values: {},
      metrics: null,
    }),
  );
  const columnCount = readVarint(reader);
  for (let column = 0; column < columnCount; column += 1) readColumn(reader, records);
  return records;
}

function readColumn(reader: ByteReader, records: HeartbeatRecord[]): void {
  const kind = readByte(reader);
  const name = readText(reader);
  const column = readNumbers(reader, records.length);
  const field = kind === kindStandard ? toStandardField(name) : undefined;
  for (const [index, record] of records.entries()) {
    const value = column[index];
    if (value === null || value === undefined) continue;
    if (field !== undefined) record.values[field] = value;
    else record.metrics = { ...record.metrics, [name]: value };
  }
}

function toStandardField(name: string): StandardField {
  const field = standardFields.find((known) => known === name);
  if (field === undefined) throw brokenRecord();
  return field;
}
