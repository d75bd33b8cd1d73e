import { execFileSync } from 'node:child_process';
import path from 'node:path';

/** Where the npm lies that runs this script, else the one that is installed for all. */
export function npmFolder(): string {
  const cli = process.env.npm_execpath;
  if (cli?.endsWith('npm-cli.js')) return path.join(cli, '..', '..');
  return path.join(execFileSync('npm', ['root', '--global']).toString().trim(), 'npm');
}
