import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { parseDocument } from 'yaml';
import { CliError, exitCodes } from './exit.ts';
import { print, table } from './output.ts';
import { callServer, type RemoteOptions, withServer } from './remote.ts';

const aliasesMax = 100;

interface ApplyAnswer {
  plan: {
    action: string;
    kind: string;
    key: string;
    changes?: { field: string; from: unknown; to: unknown }[];
  }[];
  tokens?: Record<string, string>;
}

export function define(command: Command): void {
  withServer(command)
    .requiredOption('-f, --file <file>', 'the manifest, or - for standard input')
    .option('--dry-run', 'print the plan, change nothing')
    .option('--prune', 'also remove everything that the manifest does not name')
    .action(async (options: RemoteOptions & { file: string; dryRun?: boolean; prune?: boolean }) => {
      const manifest = parseManifest(await readManifest(options.file), options.file);
      const body = { manifest, dry_run: options.dryRun === true, prune: options.prune === true };
      // Safe because the server's OpenAPI document describes this answer.
      const answer = (await callServer(options, 'POST', `/api/v1/${options.org}/apply`, body)) as ApplyAnswer;
      print(command, answer, describe(answer, options.dryRun === true));
    });
}

async function readManifest(file: string): Promise<string> {
  try {
    return await readFile(file === '-' ? '/dev/stdin' : file, 'utf8');
  } catch {
    throw new CliError(`${file} cannot be read.`, exitCodes.usage);
  }
}

function parseManifest(text: string, file: string): unknown {
  const document = parseDocument(text, { strict: true, uniqueKeys: true });
  const [error] = document.errors;
  if (error !== undefined) throw new CliError(`${file} is not valid YAML: ${error.message}`, exitCodes.usage);
  return document.toJS({ maxAliasCount: aliasesMax });
}

function describe(answer: ApplyAnswer, dryRun: boolean): string {
  const changed = answer.plan.filter((step) => step.action !== 'unchanged');
  const rows = changed.map((step) => [
    step.action,
    step.kind,
    step.key,
    (step.changes ?? [])
      .map((change) => `${change.field}: ${JSON.stringify(change.from)} -> ${JSON.stringify(change.to)}`)
      .join('; '),
  ]);
  const unchanged = answer.plan.length - changed.length;
  const summary = dryRun
    ? `${changed.length} to change, ${unchanged} unchanged. Nothing was written.`
    : `${changed.length} changed, ${unchanged} unchanged.`;
  const tokens = Object.entries(answer.tokens ?? {}).map(
    ([device, token]) => `token of ${device} (shown once): ${token}`,
  );
  return [...(rows.length === 0 ? [] : [table(rows)]), ...tokens, summary].join('\n');
}
