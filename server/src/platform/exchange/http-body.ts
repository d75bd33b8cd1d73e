import { MIMEType } from 'node:util';
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from 'node:zlib';
import { TextDecoder } from '@exodus/bytes/encoding.js';
import { cutText } from '@watchkeeper/contracts/text';
import sniffEncoding from 'html-encoding-sniffer';

/** Limit for a body, both as received and unpacked. The rest is cut off. */
export const bodyBytesMax = 1_048_576;
/** At most this many codings on top of each other are undone. */
const codingsMax = 4;
/** Browsers refuse a zstd window above 8 MiB, which also limits the memory. */
const zstdWindowLogMax = 23;

export interface Unpacked {
  readonly body: Buffer;
  /** The body is longer than `body`. */
  readonly cut: boolean;
  /** Why the body is not complete or not right, in words. `body` then holds the part that could be read. */
  readonly fault: string | null;
}

type Decoder = ReturnType<typeof createGunzip>;

/** The decoder of each coding. `cut`: our limit cut off the end, so a missing end is not the server's fault. */
const decoders: Readonly<Record<string, (packed: Buffer, cut: boolean) => Decoder>> = {
  gzip: (_packed, cut) => createGunzip(zlibEnd(cut)),
  deflate: (packed, cut) =>
    // The standard says zlib, but many servers send raw deflate. Browsers accept both.
    hasZlibHeader(packed) ? createInflate(zlibEnd(cut)) : createInflateRaw(zlibEnd(cut)),
  br: (_packed, cut) => createBrotliDecompress(cut ? { finishFlush: constants.BROTLI_OPERATION_FLUSH } : {}),
  zstd: (_packed, cut) =>
    createZstdDecompress({
      params: { [constants.ZSTD_d_windowLogMax]: zstdWindowLogMax },
      ...(cut ? { finishFlush: constants.ZSTD_e_flush } : {}),
    }),
};
const otherNames: Readonly<Record<string, string>> = { 'x-gzip': 'gzip' };

function zlibEnd(cut: boolean) {
  return cut ? { finishFlush: constants.Z_SYNC_FLUSH } : {};
}

function hasZlibHeader(packed: Buffer): boolean {
  return packed.length >= 2 && ((packed[0] ?? 0) & 0x0f) === 8 && packed.readUInt16BE(0) % 31 === 0;
}

/** Undoes the codings of Content-Encoding, the last one first. An empty answer has nothing to undo. */
export async function unpack(raw: Buffer, cut: boolean, header: string | undefined): Promise<Unpacked> {
  let unpacked: Unpacked = { body: raw, cut, fault: null };
  if (raw.length === 0) return unpacked;
  const codings = codingsOf(header);
  if (codings.length > codingsMax)
    return {
      ...unpacked,
      fault: `It is compressed ${codings.length} times; at most ${codingsMax} are supported.`,
    };
  for (const coding of codings.toReversed()) {
    const decoder = decoders[coding];
    if (decoder === undefined)
      return { ...unpacked, fault: `Its coding "${cutText(coding, 40)}" is not supported.` };
    unpacked = await undo(coding, unpacked.body, unpacked.cut, decoder);
    if (unpacked.fault !== null || unpacked.body.length === 0) return unpacked;
  }
  return unpacked;
}

function codingsOf(header: string | undefined): string[] {
  return (header ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity' && name !== 'none')
    .map((name) => otherNames[name] ?? name);
}

async function undo(
  coding: string,
  packed: Buffer,
  cut: boolean,
  create: (packed: Buffer, cut: boolean) => Decoder,
): Promise<Unpacked> {
  const kept: Buffer[] = [];
  let left = bodyBytesMax;
  const decoder = create(packed, cut);
  decoder.end(packed);
  try {
    for await (const chunk of bytesOf(decoder)) {
      kept.push(chunk.subarray(0, left));
      // Leaving the loop destroys the decoder, so a decompression bomb unpacks no further than this.
      if (chunk.length > left) return { body: Buffer.concat(kept), cut: true, fault: null };
      left -= chunk.length;
    }
  } catch (error) {
    // Like browsers: show the part before a missing end.
    const isMissingEnd = error instanceof Error && 'code' in error && error.code === 'Z_BUF_ERROR';
    if (!isMissingEnd || kept.length === 0)
      return {
        body: Buffer.concat(kept),
        cut,
        fault: `Its header says ${coding}, but the body is not compressed with it.`,
      };
  }
  return { body: Buffer.concat(kept), cut, fault: null };
}

/** Without an encoding, a stream yields Buffers, but its type does not say so. */
function bytesOf(decoder: Decoder): AsyncIterable<Buffer> {
  return decoder;
}

/**
 * The body as text, as a browser reads it: by the byte order mark, the header's charset, or what the document itself
 * declares; otherwise UTF-8 if it is valid, else windows-1252. `cut`: the last character may be incomplete.
 */
export function textOf(body: Uint8Array, contentType: string | undefined, cut: boolean): string {
  const type = typeOf(contentType);
  const charset = type?.params.get('charset') ?? undefined;
  const encoding = sniffEncoding(body, {
    defaultEncoding: isUtf8(body) ? 'UTF-8' : 'windows-1252',
    ...(charset === undefined ? {} : { transportLayerEncodingLabel: charset }),
    ...ownWords(type?.essence),
  });
  return decoderOf(encoding).decode(body, { stream: cut });
}

/** A document may declare an encoding that means "do not show this". Then UTF-8 is used. */
function decoderOf(encoding: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(encoding);
  } catch {
    return new TextDecoder('utf-8');
  }
}

/** Only documents declare their own encoding. A body without a type may be a document. */
function ownWords(essence: string | undefined): { xml: true } | { maxPrescanBytes?: number } {
  if (essence !== undefined && /[/+]xml$/.test(essence)) return { xml: true };
  return essence === undefined || essence === 'text/html' ? {} : { maxPrescanBytes: 0 };
}

function typeOf(contentType: string | undefined): MIMEType | undefined {
  try {
    return contentType === undefined ? undefined : new MIMEType(contentType);
  } catch {
    return undefined;
  }
}

function isUtf8(body: Uint8Array): boolean {
  try {
    // A character that our limit cut in two is not an error.
    new TextDecoder('utf-8', { fatal: true }).decode(body, { stream: true });
    return true;
  } catch {
    return false;
  }
}
