import { useEffect, useRef, useState } from 'react';
import { Button } from './button';
import { classes } from './classes';
import { CheckIcon, CopyIcon } from './icons';

interface CopyWords {
  copy: string;
  copied: string;
  failed: string;
}

const confirmedMs = 2_000;

function CopyButton({ text, words }: { text: string; words: CopyWords }) {
  const [outcome, setOutcome] = useState<'idle' | 'copied' | 'failed'>('idle');
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  async function copy(): Promise<void> {
    // The clipboard exists on https and localhost only; elsewhere the text can still be selected.
    const done = await navigator.clipboard?.writeText(text).then(
      () => true,
      () => false,
    );
    setOutcome(done === true ? 'copied' : 'failed');
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setOutcome('idle'), confirmedMs);
  }

  return (
    <>
      <Button onClick={() => void copy()} className="min-w-24">
        {outcome === 'copied' ? <CheckIcon size={16} /> : <CopyIcon size={16} />}
        {outcome === 'copied' ? words.copied : words.copy}
      </Button>
      <span role="status" className={outcome === 'failed' ? 'basis-full text-1 text-problem' : 'sr-only'}>
        {outcome === 'idle' ? '' : words[outcome]}
      </span>
    </>
  );
}

interface CopyBlockProps {
  /** Many lines: they scroll within, so that what follows stays near. */
  tall?: boolean;
  text: string;
  words: CopyWords;
}

/** Text for a machine: monospace, selectable as a whole, with a button that copies it. */
export function CopyBlock({ text, words, tall = false }: CopyBlockProps) {
  return (
    <div className="flex flex-wrap items-start gap-2">
      <pre
        // What scrolls has to be reached by keyboard.
        {...(tall ? { tabIndex: 0 } : {})}
        className={classes(
          'min-w-0 flex-1 basis-72 rounded-2 border border-line bg-sunken px-3 py-2.5 font-mono text-1 leading-relaxed break-all whitespace-pre-wrap select-all',
          tall && 'max-h-72 overflow-y-auto',
        )}
      >
        {text}
      </pre>
      <CopyButton text={text} words={words} />
    </div>
  );
}
