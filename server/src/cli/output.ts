import type { Command } from 'commander';

/** JSON when `--json` is given before or after the command, else the sentence or table. */
export function print(command: Command, data: unknown, text: string): void {
  const json = command.optsWithGlobals().json === true;
  process.stdout.write(`${json ? JSON.stringify(data) : text}\n`);
}

/** Plain columns, each as wide as its widest cell. */
export function table(rows: readonly (readonly string[])[]): string {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
