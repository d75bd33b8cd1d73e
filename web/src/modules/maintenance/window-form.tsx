import type { MaintenanceInput } from '@watchkeeper/contracts/maintenance';
import { type FormEvent, type ReactNode, useState } from 'react';
import { serverErrors } from '../../api/field-errors';
import { messageOf } from '../../api/problem';
import { t } from '../../messages';
import { Panel } from '../../ui/card';
import { TextArea, TextField, Toggle } from '../../ui/field';
import { Notice } from '../../ui/notice';
import { PreviewPanel } from './preview-panel';
import { RecurrenceFields } from './recurrence-fields';
import { ScopeFields } from './scope-fields';
import { TimeFields } from './time-fields';
import { useSiteNames } from './use-site-names';
import { readWindowDraft, type WindowDraft } from './window-draft';

interface WindowFormProps {
  initial: WindowDraft;
  /** The window that is edited; undefined: a new one. */
  self?: string;
  /** The server's answer to the last attempt. */
  error: unknown;
  onSubmit: (body: MaintenanceInput) => void;
  buttons: ReactNode;
}

/** The plan on one side, what it means on the other. */
export function WindowForm({ initial, self, error, onSubmit, buttons }: WindowFormProps) {
  const names = useSiteNames();
  const [draft, setDraft] = useState(initial);
  const [tried, setTried] = useState(false);
  const [sent, setSent] = useState<WindowDraft>();
  const { body, errors: own, isDated } = readWindowDraft(draft, t.maintenance);
  const mistakes = Object.keys(own).length;
  const shown = tried ? { ...(sent === draft ? serverErrors(error) : {}), ...own } : {};
  const set = (change: Partial<WindowDraft>): void => setDraft({ ...draft, ...change });

  function submit(event: FormEvent): void {
    event.preventDefault();
    setTried(true);
    setSent(draft);
    if (mistakes === 0) onSubmit(body);
  }

  return (
    <form
      noValidate
      onSubmit={submit}
      className="mt-6 grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_minmax(0,26rem)]"
    >
      <div className="grid grid-cols-1 gap-4">
        <Panel title={t.maintenance.whatFor}>
          <div className="grid gap-5">
            <TextField
              label={t.maintenance.reason}
              placeholder={t.maintenance.reasonPlaceholder}
              required
              maxLength={500}
              value={draft.reason}
              error={shown.reason}
              onChange={(event) => set({ reason: event.currentTarget.value })}
            />
            <ScopeFields draft={draft} onChange={set} errors={shown} names={names} />
          </div>
        </Panel>
        <Panel title={t.maintenance.chooseTimes}>
          <div className="grid gap-5">
            <TimeFields draft={draft} onChange={setDraft} errors={shown} />
            <RecurrenceFields
              value={draft.recurrence}
              onChange={(recurrence) => set({ recurrence })}
              startDay={draft.start.slice(0, 10)}
              errors={shown}
            />
          </div>
        </Panel>
        <Panel title={t.maintenance.consequences}>
          <div className="grid gap-5">
            <Toggle
              label={t.maintenance.suppress}
              help={t.maintenance.suppressHelp}
              checked={draft.suppress}
              onChange={(suppress) => set({ suppress })}
            />
            <TextArea
              label={t.maintenance.reply}
              help={t.maintenance.replyHelp}
              placeholder={t.maintenance.replyPlaceholder}
              aside={<span className="text-1 text-ink-3">{t.schemaForm.optional}</span>}
              maxLength={2_000}
              value={draft.reply}
              error={shown.auto_reply}
              onChange={(event) => set({ reply: event.currentTarget.value })}
            />
          </div>
        </Panel>
        {tried && mistakes > 0 ? (
          <p role="alert" className="text-2 font-medium text-problem">
            {t.schemaForm.mistakes(mistakes)}
          </p>
        ) : null}
        {error !== null && sent === draft ? (
          <Notice tone="attention" role="alert">
            {messageOf(error)}
          </Notice>
        ) : null}
        <div className="flex flex-wrap gap-2">{buttons}</div>
      </div>
      <PreviewPanel body={body} isDated={isDated} self={self} />
    </form>
  );
}
