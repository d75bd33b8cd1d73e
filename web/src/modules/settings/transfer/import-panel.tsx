import type { ApplyAnswer } from '@watchkeeper/contracts/manifest';
import { type DragEvent, type FormEvent, useRef, useState } from 'react';
import { t } from '../../../messages';
import { Button } from '../../../ui/button';
import { Panel } from '../../../ui/card';
import { classes } from '../../../ui/classes';
import { TextArea, Toggle } from '../../../ui/field';
import { Notice } from '../../../ui/notice';
import { fileMegabytesMax } from './limits';
import { AppliedNote, Plan } from './plan-view';
import { mistakesOf, useImport } from './use-import';

const megabyte = 1_048_576;

/** File, difference, done: nothing is written before the difference was seen. */
export function ImportPanel() {
  const [text, setText] = useState('');
  const [prune, setPrune] = useState(false);
  const [applied, setApplied] = useState<ApplyAnswer>();
  const preview = useImport();
  const apply = useImport();
  const words = t.settings.transfer;

  function edit(next: string): void {
    setText(next);
    preview.reset();
    apply.reset();
  }
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!preview.isPending) preview.mutate({ text, prune, dryRun: true });
  }
  function again(): void {
    edit('');
    setApplied(undefined);
  }

  if (applied !== undefined) {
    return (
      <Panel title={words.importTitle}>
        <AppliedNote answer={applied} onAgain={again} />
      </Panel>
    );
  }
  const error = apply.error ?? preview.error;
  return (
    <Panel title={words.importTitle}>
      <form onSubmit={submit} className="grid gap-4">
        <p className="text-2 text-ink-2">{words.importText}</p>
        <FileDrop onText={edit} />
        <TextArea
          label={words.paste}
          required
          rows={10}
          spellCheck={false}
          autoCapitalize="none"
          value={text}
          onChange={(event) => edit(event.currentTarget.value)}
        />
        <Toggle
          label={words.prune}
          help={words.pruneHelp}
          checked={prune}
          onChange={(checked) => {
            setPrune(checked);
            preview.reset();
          }}
        />
        <div>
          <Button
            type="submit"
            variant={preview.data === undefined ? 'primary' : 'secondary'}
            busy={preview.isPending}
          >
            {words.preview}
          </Button>
        </div>
      </form>
      {error === null ? null : <Mistakes error={error} />}
      {preview.data === undefined ? null : (
        <Plan
          plan={preview.data.plan}
          busy={apply.isPending}
          onApply={() => apply.mutate({ text, prune, dryRun: false }, { onSuccess: setApplied })}
        />
      )}
    </Panel>
  );
}

function Mistakes({ error }: { error: unknown }) {
  const mistakes = mistakesOf(error);
  const words = t.settings.transfer;
  return (
    <Notice tone="attention" role="alert" title={words.wrong(mistakes.length)} className="mt-4">
      <ul className="mt-1 grid gap-1">
        {mistakes.map(({ line, message }) => (
          <li key={`${line} ${message}`} className="flex gap-3">
            {line === undefined ? null : (
              <span className="shrink-0 font-mono text-1 text-ink">{words.line(line)}</span>
            )}
            <span className="min-w-0">{message}</span>
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function FileDrop({ onText }: { onText: (text: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [tooLarge, setTooLarge] = useState(false);
  const words = t.settings.transfer;

  async function take(file: File | undefined): Promise<void> {
    if (file === undefined) return;
    setTooLarge(file.size > fileMegabytesMax * megabyte);
    if (file.size <= fileMegabytesMax * megabyte) onText(await file.text());
  }
  function drop(event: DragEvent): void {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files[0]);
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a shortcut of the button inside
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={classes(
        'flex flex-wrap items-center justify-between gap-3 rounded-2 border border-dashed px-4 py-4',
        over ? 'border-accent bg-accent-soft' : 'border-line-2',
      )}
    >
      <span className="text-2 text-ink-2">{words.drop}</span>
      <input
        ref={input}
        type="file"
        accept=".yaml,.yml,application/yaml,text/yaml"
        aria-label={words.choose}
        tabIndex={-1}
        className="sr-only"
        onChange={(event) => {
          void take(event.currentTarget.files?.[0]);
          // The same file may be chosen again after it was mended.
          event.currentTarget.value = '';
        }}
      />
      <Button onClick={() => input.current?.click()}>{words.choose}</Button>
      {tooLarge ? (
        <p role="alert" className="basis-full text-1 font-medium text-problem">
          {words.tooLarge(fileMegabytesMax)}
        </p>
      ) : null}
    </div>
  );
}
