import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

const [packBrotli, packGzip] = [promisify(brotliCompress), promisify(gzip)];
/** Below this a packet is sent anyway. */
const packedBytesMin = 1_024;

/** Writes each asset packed as well: once at build time and as tightly as it goes, instead of on every request. */
export function packed(): Plugin {
  return {
    name: 'watchkeeper-packed',
    apply: 'build',
    async writeBundle({ dir = '' }, bundle) {
      const files = Object.keys(bundle).filter((name) => /^assets\/.*\.(js|css|svg)$/.test(name));
      for (const name of files) {
        const file = path.join(dir, name);
        const content = await readFile(file);
        if (content.length < packedBytesMin) continue;
        await writeFile(`${file}.br`, await packBrotli(content));
        await writeFile(`${file}.gz`, await packGzip(content, { level: 9 }));
      }
    },
  };
}
