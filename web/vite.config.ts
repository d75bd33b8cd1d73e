import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { boot } from './build/boot.ts';
import { packed } from './build/packed.ts';
import { preloadLanding } from './build/preload-landing.ts';

// The development server passes everything that is not the console on to a running Watchkeeper.
const apiTarget = process.env.API_TARGET ?? 'http://127.0.0.1:4000';
const apiPaths = ['/api', '/heartbeat', '/provider', '/openapi.json', '/health'];

export default defineConfig({
  root: import.meta.dirname,
  // Relative: the server writes into the page below which path it is served.
  base: './',
  plugins: [react(), tailwind(), boot(), preloadLanding(['overview', 'overview-page']), packed()],
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
        // Few files for what every page needs and one for the page that people land on; charts, long lists, fields
        // that find, forms made from schemas and the reader of YAML stay with the pages that need them.
        codeSplitting: {
          groups: [
            {
              name: 'vendor',
              test: /node_modules[\\/](?!uplot|yaml|@base-ui|reselect|@tanstack[\\/](virtual-core|react-virtual))/,
            },
            {
              name: 'frame',
              test: /web[\\/]src[\\/](api[\\/](?!queries)|app|shell[\\/](?!command-palette)|lib|messages[\\/](en[\\/](alerting|entry|frame|index|overview|places|vocabulary|words)|index)|ui[\\/](?!chart|finder|held-still|palette|pick-field|run-bars|schema-|stacked-chart|steps|virtual-list))/,
            },
            {
              name: 'overview',
              test: /web[\\/]src[\\/](api[\\/]queries[\\/]overview|modules[\\/](overview[\\/](?!wall|first-run|fixtures)|alerting[\\/](alert-cards?|actions|optimistic|queries|resolve-dialog|sentence|transition-tone|weight)))/,
            },
          ],
        },
      },
    },
  },
  server: {
    proxy: Object.fromEntries(apiPaths.map((prefix) => [prefix, { target: apiTarget }])),
  },
});
