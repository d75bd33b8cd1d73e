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

/** Of a body, as it came and unpacked; what is longer is cut off there. */
export const bodyBytesMax = 1_048_576;
/** Codings one upon the other that are undone. */
const codingsMax = 4;
/** Browsers refuse a zstd window beyond 8 MiB, and so bound its memory. */
const zstdWindowLogMax = 23;

export interface Unpacked {
  readonly body: Buffer;
  /** There is more of it than `body` holds. */
  readonly cut: boolean;
  /** Why this is not all that was meant, in words; the body is then as far as it could be read. */
  readonly fault: string | null;
}

type Decoder = ReturnType<typeof createGunzip>;

/** How each coding is undone; `cut`: the end is missing, and that is no fault of the server. */
const decoders: Readonly<Record<string, (packed: Buffer, cut: boolean) => Decoder>> = {
  gzip: (_packed, cut) => createGunzip(zlibEnd(cut)),
  deflate: (packed, cut) =>
    // By the book a zlib stream; many servers send it raw, and browsers take both.
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

/** Undoes the codings of Content-Encoding, the last one first. An answer without a body has nothing to undo. */
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
      // Leaving the loop destroys the decoder: a bomb unpacks no further than this.
      if (chunk.length > left) return { body: Buffer.concat(kept), cut: true, fault: null };
      left -= chunk.length;
    }
  } catch (error) {
    // As browsers do: what came before a missing end is shown.
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

/** A stream without an encoding yields Buffers; its type does not say so. */
function bytesOf(decoder: Decoder): AsyncIterable<Buffer> {
  return decoder;
}

/**
 * The body as text, as a browser reads it: by byte order mark, the header's charset, what the document says of itself;
 * else UTF-8 where it is that, and windows-1252 where it is not. `cut`: the last character may be missing its end.
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

/** A document may name an encoding that means "do not show this": then its bytes are all there is. */
function decoderOf(encoding: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(encoding);
  } catch {
    return new TextDecoder('utf-8');
  }
}

/** Only documents say of themselves in which encoding they are; what has no type may be one. */
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
    // A character that the bound cut in two is no error.
    new TextDecoder('utf-8', { fatal: true }).decode(body, { stream: true });
    return true;
  } catch {
    return false;
  }
}
