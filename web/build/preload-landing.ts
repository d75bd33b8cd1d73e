import type { Plugin } from 'vite';

/** The page that most people land on comes with the frame, instead of after the frame has asked for it. */
export function preloadLanding(chunks: readonly string[]): Plugin {
  return {
    name: 'watchkeeper-preload-landing',
    transformIndexHtml(_html, { bundle }) {
      const files = Object.values(bundle ?? {}).filter(
        (file) => file.type === 'chunk' && chunks.includes(file.name),
      );
      return files.map(({ fileName }) => ({
        tag: 'link',
        attrs: { rel: 'modulepreload', crossorigin: true, href: `./${fileName}` },
        injectTo: 'head',
      }));
    },
  };
}
