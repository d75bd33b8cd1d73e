import { execFileSync } from 'node:child_process';
import path from 'node:path';

/** The folder of the npm that runs this script, else of the global one. */
export function npmFolder(): string {
  const cli = process.env.npm_execpath;
  if (cli?.endsWith('npm-cli.js')) return path.join(cli, '..', '..');
  return path.join(execFileSync('npm', ['root', '--global']).toString().trim(), 'npm');
}
