import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

// The development server passes everything that is not the console on to a running Watchkeeper.
const apiTarget = process.env.API_TARGET ?? 'http://127.0.0.1:4000';
const apiPaths = ['/api', '/heartbeat', '/provider', '/openapi.json', '/health'];

/** Vite bundles module scripts only; this one has to block the first paint, so it is a hashed classic script. */
function themeBoot(): Plugin {
  const source = readFileSync(path.join(import.meta.dirname, 'src/theme-boot.js'), 'utf8');
  const hash = createHash('sha256').update(source).digest('hex').slice(0, 8);
  const fileName = `assets/theme-${hash}.js`;
  let src = '/src/theme-boot.js';
  return {
    name: 'watchkeeper-theme-boot',
    configResolved(config) {
      if (config.command === 'build') src = `/${fileName}`;
    },
    generateBundle() {
      this.emitFile({ type: 'asset', fileName, source });
    },
    transformIndexHtml: () => [{ tag: 'script', attrs: { src }, injectTo: 'head-prepend' }],
  };
}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwind(), themeBoot()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    manifest: true,
    // Nothing as data URI: the content security policy then needs no exception for it.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // Few files for what every page needs; the charts stay with the page that draws them.
        codeSplitting: {
          groups: [
            { name: 'vendor', test: /node_modules[\\/](?!uplot)/ },
            { name: 'frame', test: /web[\\/]src[\\/](api|app|lib|messages|ui[\\/](?!chart))/ },
          ],
        },
      },
    },
  },
  server: {
    proxy: Object.fromEntries(apiPaths.map((prefix) => [prefix, { target: apiTarget }])),
  },
});
