import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Plugin } from 'vite';

/** Vite bundles module scripts only; this one has to come before the first paint, so it is a hashed classic script. */
export function boot(): Plugin {
  const source = readFileSync(path.join(import.meta.dirname, '../src/boot.js'), 'utf8');
  const hash = createHash('sha256').update(source).digest('hex').slice(0, 8);
  const fileName = `assets/boot-${hash}.js`;
  let src = '/src/boot.js';
  return {
    name: 'watchkeeper-boot',
    configResolved(config) {
      if (config.command === 'build') src = `./${fileName}`;
    },
    generateBundle() {
      this.emitFile({ type: 'asset', fileName, source });
    },
    transformIndexHtml: () => [{ tag: 'script', attrs: { src }, injectTo: 'head-prepend' }],
  };
}
