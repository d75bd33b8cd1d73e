import type { ReactNode } from 'react';
import { classes } from './classes';
import { CheckIcon } from './icons';
import { Spinner } from './spinner';

export interface Step {
  id: string;
  title: string;
  text: string;
  done: boolean;
  /** Something is being waited for. */
  waiting?: boolean;
  action: ReactNode;
}

interface StepsProps {
  steps: readonly Step[];
  doneLabel: string;
  nextLabel: string;
}

/** What is done, what is next with its action, and what comes after. */
export function Steps({ steps, doneLabel, nextLabel }: StepsProps) {
  const next = steps.findIndex((step) => !step.done);
  return (
    <ol className="grid gap-4">
      {steps.map((step, index) => (
        <li
          key={step.id}
          aria-current={index === next ? 'step' : undefined}
          className={classes('flex gap-3', index !== next && 'text-ink-3')}
        >
          <span
            className={classes(
              'mt-0.5 grid size-6 shrink-0 place-items-center rounded-full border text-1 font-semibold',
              step.done
                ? 'border-ok bg-ok-soft text-ok'
                : index === next
                  ? 'border-accent text-accent'
                  : 'border-line-2',
            )}
          >
            {step.done ? <CheckIcon size={14} /> : step.waiting === true ? <Spinner /> : index + 1}
          </span>
          <div className="min-w-0 flex-1" role={step.waiting === true ? 'status' : undefined}>
            <p className={classes('text-3', index === next && 'font-semibold')}>
              {step.title}
              {step.done ? <span className="sr-only">, {doneLabel}</span> : null}
              {index === next ? <span className="sr-only">, {nextLabel}</span> : null}
            </p>
            {step.done ? null : <p className={index === next ? 'text-ink-2' : undefined}>{step.text}</p>}
            {index === next && step.action !== undefined ? <div className="mt-3">{step.action}</div> : null}
          </div>
        </li>
      ))}
    </ol>
  );
}
