import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { sourceFiles } from './files.ts';
import { resolveImport } from './resolve-import.ts';

/** What one file declares at its top level, and what it imports. Names have the form `file#name`. */
export interface CodeFile {
  readonly declared: ReadonlyMap<string, string>;
  readonly taken: ReadonlyMap<string, string>;
}

/** The server's code by file, to answer questions such as "does this handler ever reach the audit?". */
export async function readCode(root: string): Promise<Map<string, CodeFile>> {
  const code = new Map<string, CodeFile>();
  for (const file of await sourceFiles(path.join(root, 'server', 'src')))
    code.set(
      file,
      codeOf(await readFile(file, 'utf8'), file, (target) => resolveImport(root, file, target)),
    );
  return code;
}

const declaration =
  /^(?:export )?(?:default )?(?:async )?(?:function\*?|const|let|class) (?:\{([^}]*)\}|([\w$]+))/gm;
const taking = /(?:^|\n)\s*(?:import|export)\s+(?!type\s)\{([^}]*)\}\s*from\s*'([^']+)'/g;
const takingLate = /const \{([^}]*)\} = await import\('([^']+)'\)/g;

export function codeOf(
  source: string,
  file: string,
  resolve: (target: string) => string | undefined,
): CodeFile {
  const text = withoutComments(source);
  const starts = [...text.matchAll(declaration)];
  const declared = new Map<string, string>();
  for (const [index, match] of starts.entries()) {
    const body = text.slice(match.index, starts[index + 1]?.index ?? text.length);
    for (const name of namesIn(match[1] ?? match[2] ?? '')) declared.set(name.own, body);
  }
  const taken = new Map<string, string>();
  for (const pattern of [taking, takingLate])
    for (const [, names = '', target = ''] of text.matchAll(pattern)) {
      const from = resolve(target);
      if (from === undefined) continue;
      for (const { theirs, own } of namesIn(names)) taken.set(own, `${from}#${theirs}`);
    }
  for (const name of declared.keys()) taken.set(name, `${file}#${name}`);
  return { declared, taken };
}

/** `a, type B, c as d, e: f` as pairs of the name there and the name here. Types are left out. */
function namesIn(list: string): { theirs: string; own: string }[] {
  return list
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '' && !one.startsWith('type '))
    .map((one) => {
      const [theirs = '', own = theirs] = one.split(/\s+as\s+|\s*:\s*/);
      return { theirs, own };
    });
}

function withoutComments(source: string): string {
  return source.replaceAll(/\/\*\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '');
}

/** A cache, because many handlers lead through the same text. It has one entry per declaration. */
const identifiers = new Map<string, ReadonlySet<string>>();

/** The names that a text uses as identifiers: not properties, and not text within quotes. */
function identifiersIn(text: string): ReadonlySet<string> {
  const known = identifiers.get(text);
  if (known !== undefined) return known;
  const plain = text.replaceAll(/'[^'\n]*'/g, "''");
  const found = new Set([...plain.matchAll(/(?<![.\w$])[A-Za-z_$][\w$]*/g)].map(([name]) => name));
  identifiers.set(text, found);
  return found;
}

/** Whether `text` in `file` names `goal`, directly or through other declarations. */
export function reaches(
  code: ReadonlyMap<string, CodeFile>,
  start: { readonly file: string; readonly text: string },
  goal: string,
): boolean {
  const seen = new Set<string>();
  const queue = namedBy(code, start.file, start.text);
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (next === goal) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    const [file = '', name = ''] = next.split('#');
    const there = code.get(file);
    const passedOn = there?.taken.get(name);
    const body = there?.declared.get(name);
    if (body !== undefined) queue.push(...namedBy(code, file, body));
    else if (passedOn !== undefined) queue.push(passedOn);
  }
  return false;
}

function namedBy(code: ReadonlyMap<string, CodeFile>, file: string, text: string): string[] {
  const taken = code.get(file)?.taken;
  return [...identifiersIn(text)].flatMap((name) => taken?.get(name) ?? []);
}
