import { existsSync } from 'node:fs';
import path from 'node:path';

/** Our own file that an import of the server means; undefined for a package. */
export function resolveImport(root: string, from: string, target: string): string | undefined {
  const source = path.join(root, 'server', 'src');
  const module = /^#modules\/(.+)$/.exec(target)?.[1];
  const platform = /^#platform\/(.+)$/.exec(target)?.[1];
  const contract = /^@watchkeeper\/contracts(?:\/(.+))?$/.exec(target);
  if (target.startsWith('.')) return path.join(path.dirname(from), target);
  if (target === '#config') return path.join(source, 'config', 'config.ts');
  if (module !== undefined) return path.join(source, 'modules', module, 'index.ts');
  if (platform !== undefined) return path.join(source, 'platform', `${platform}.ts`);
  if (contract === null) return undefined;
  const file = path.join(root, 'packages', 'contracts', 'src', `${contract[1] ?? 'index'}.ts`);
  return existsSync(file) ? file : undefined;
}
