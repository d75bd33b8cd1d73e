import { LineCounter, type Node, parseDocument } from 'yaml';
import type { FieldError } from '../../../api/problem';

/** A file that refers to itself more often than this is an attack on the reader. */
const aliasesMax = 100;

/** A mistake, and where it stands. */
export interface FileMistake {
  line: number | undefined;
  message: string;
}

export interface ReadManifest {
  /** Undefined when the text is no YAML. */
  manifest: Record<string, unknown> | undefined;
  mistakes: FileMistake[];
  /** The line that a field of the server's answer is about: `manifest.sites.0.name`. */
  lineOf: (field: string) => number | undefined;
}

/** Reads a watchkeeper.yaml, and remembers where everything stands. */
export function readManifest(text: string): ReadManifest {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    strict: true,
    uniqueKeys: true,
    lineCounter: lines,
    prettyErrors: false,
  });
  const mistakes = document.errors.map((error) => ({
    line: lines.linePos(error.pos[0]).line,
    message: error.message,
  }));
  const manifest = mistakes.length > 0 ? undefined : asRecord(document.toJS({ maxAliasCount: aliasesMax }));
  return {
    manifest,
    mistakes,
    lineOf(field) {
      // For a missing field, the line of the nearest parent.
      for (let path = pathOf(field); path.length > 0; path = path.slice(0, -1)) {
        const start = startOf(document.getIn(path, true));
        if (start !== undefined) return lines.linePos(start).line;
      }
      return undefined;
    },
  };
}

/** The mistakes the server found, in the order of the file. */
export function placed(fields: readonly FieldError[], lineOf: ReadManifest['lineOf']): FileMistake[] {
  return fields
    .map(({ field, message }) => ({
      line: lineOf(field),
      message: `${pathOf(field).join('.')}: ${message}`.replace(/^: /, ''),
    }))
    .sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
}

/** Pointers (`/manifest/sites/0`) and dots (`manifest.sites.0`) alike, without the name of the body's part. */
function pathOf(field: string): (string | number)[] {
  const parts = field.split(/[/.]/).filter((part) => part !== '' && part !== 'body');
  const inside = parts[0] === 'manifest' ? parts.slice(1) : parts;
  return inside.map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'range' in value;
}

function asRecord(value: unknown): Record<string, unknown> {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isRecord ? { ...value } : {};
}
