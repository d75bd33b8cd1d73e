/** A cell that a spreadsheet would run as a formula becomes text. */
const formulaStart = /^[=+\-@\t\r]/;

/** One line of RFC 4180, with its end. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(cell).join(',')}\r\n`;
}

function cell(text: string): string {
  const safe = formulaStart.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
