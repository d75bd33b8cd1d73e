import type { ReactNode } from 'react';
import { classes } from './classes';

export interface Column {
  key: string;
  label: string;
  numeric?: boolean;
}

interface TableProps {
  /** What the table shows; read out, not seen. */
  caption: string;
  columns: readonly Column[];
  rows: readonly { id: string; cells: readonly ReactNode[] }[];
}

/** A plain table that scrolls sideways in itself, so that a phone's page does not. */
export function Table({ caption, columns, rows }: TableProps) {
  return (
    <div
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      className="max-h-96 overflow-auto rounded-2 border border-line"
    >
      <table className="w-full text-1 tabular-nums">
        <caption className="sr-only">{caption}</caption>
        <thead className="sticky top-0 bg-surface">
          <tr className="border-b border-line text-left text-ink-3">
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                className={classes(
                  'px-3 py-1.5 font-medium whitespace-nowrap',
                  column.numeric && 'text-right',
                )}
              >
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id} className="border-b border-line align-top last:border-b-0">
              {columns.map((column, index) => (
                <td
                  key={column.key}
                  className={classes('px-3 py-1.5', column.numeric && 'text-right whitespace-nowrap')}
                >
                  {row.cells[index]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
