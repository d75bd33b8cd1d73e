import type { AuditEntry } from '@watchkeeper/contracts/identity';
import { t } from '../../../messages';
import { ChevronIcon } from '../../../ui/icons';
import { At } from '../../../ui/moment';
import { actionWords, type FieldChange, fieldChanges } from './words';

/** One line each, in columns where there is room; the change itself opens below. */
export function AuditEntries({ entries }: { entries: readonly AuditEntry[] }) {
  return (
    <ol className="divide-y divide-line">
      {entries.map((entry) => (
        <li key={entry.id}>
          <details className="group">
            <summary className="relative grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-0.5 py-2.5 pr-12 pl-4 -outline-offset-2 hover:bg-sunken sm:pl-6 md:grid-cols-[10.5rem_minmax(0,1fr)_minmax(0,1.1fr)_minmax(0,1.2fr)]">
              <span className="text-1 text-ink-3 max-md:order-2 max-md:text-right">
                <At at={entry.at} language={t.language} />
              </span>
              <span className="min-w-0 truncate font-medium max-md:order-1">{entry.actor.name}</span>
              <span className="min-w-0 text-ink-2 max-md:order-3">{actionWords(entry.action)}</span>
              <span className="min-w-0 truncate max-md:order-4 max-md:max-w-40 max-md:text-right">
                {entry.target.name}
              </span>
              <span className="absolute top-3 right-4 text-ink-3 transition-transform group-open:rotate-180">
                <ChevronIcon size={16} />
              </span>
            </summary>
            <Details entry={entry} />
          </details>
        </li>
      ))}
    </ol>
  );
}

function Details({ entry }: { entry: AuditEntry }) {
  const changes = fieldChanges(entry.before, entry.after);
  return (
    <div className="border-t border-line bg-sunken px-4 py-3 sm:px-6">
      {changes.length === 0 ? null : <Changes changes={changes} />}
      <p className="mt-2 flex flex-wrap gap-x-4 gap-y-0.5 font-mono text-0 text-ink-3 first:mt-0">
        <span>{entry.action}</span>
        <span>
          {t.settings.audit.request} {entry.request_id}
        </span>
        {entry.ip === null ? null : (
          <span>
            {t.settings.audit.address} {entry.ip}
          </span>
        )}
      </p>
    </div>
  );
}

function Changes({ changes }: { changes: readonly FieldChange[] }) {
  const words = t.settings.audit;
  return (
    <table className="w-full table-fixed border-collapse text-1">
      <thead>
        <tr className="text-left text-ink-3">
          <th scope="col" className="w-1/4 pb-1 font-normal">
            {words.field}
          </th>
          <th scope="col" className="pb-1 font-normal">
            {words.was}
          </th>
          <th scope="col" className="pb-1 font-normal">
            {words.is}
          </th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ field, was, is }) => (
          <tr key={field} className="border-t border-line align-top">
            <th scope="row" className="py-1.5 pr-3 text-left font-normal text-ink-2">
              {field.replaceAll('_', ' ')}
            </th>
            <td className="py-1.5 pr-3 text-ink-2">{was ?? <Nothing />}</td>
            <td className="py-1.5 font-medium">{is ?? <Nothing />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Nothing() {
  return <span className="font-normal text-ink-3">{t.settings.audit.nothing}</span>;
}
