// npm run dev: the server with the demonstration fleet, restarted when its code changes, and the console's dev server.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const file = (relative: string) => fileURLToPath(new URL(`../${relative}`, import.meta.url));
const children = [
  spawn(process.execPath, ['--watch-path', file('server'), file('server/src/main.ts'), 'serve', '--demo'], {
    stdio: 'inherit',
  }),
  spawn(process.execPath, [file('node_modules/vite/bin/vite.js'), file('web')], { stdio: 'inherit' }),
];
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    for (const child of children) child.kill(signal);
  });
}
for (const child of children) child.on('exit', (code) => process.exit(code ?? 0));
