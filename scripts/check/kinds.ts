import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { filesBelow, sourceFiles } from './files.ts';

/**
 * Proves that every registry of kinds has the contract test. Then `contractOf` checks each registered kind, and each
 * file of the folder.
 */
export async function checkKinds(root: string): Promise<string[]> {
  const source = path.join(root, 'server', 'src');
  const tests = await filesBelow(source, (name) => name.endsWith('.test.ts'));
  const texts = (files: readonly string[]) => Promise.all(files.map((file) => readFile(file, 'utf8')));
  const code = await texts(await sourceFiles(source));
  return registryFaults(code.flatMap(registriesIn), await texts(tests));
}

/** Names of the registries that a file makes. */
export function registriesIn(source: string): string[] {
  return [...source.matchAll(/(?<!function )\bcreateRegistry\b(?:<[^(]*>)?\(/g)].map(
    ({ index }) =>
      /const (\w+)(?::[^=]*)?\s*=\s*$/.exec(source.slice(0, index))?.[1] ?? 'a registry without a name',
  );
}

export function registryFaults(registries: readonly string[], tests: readonly string[]): string[] {
  return registries
    .filter((name) => !tests.some((text) => new RegExp(`^contractOf\\(\\s*${name}\\b`, 'm').test(text)))
    .map(
      (name) =>
        `"${name}" stands under no contract test; call contractOf(${name}, folder) in the test beside it`,
    );
}
