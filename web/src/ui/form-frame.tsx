import type { FormEvent, ReactNode } from 'react';
import { Notice } from './notice';

interface FormFrameProps {
  onSubmit: (event: FormEvent) => void;
  /** How many fields need another look, in words; null before the first attempt and when there are none. */
  mistakes: string | null;
  /** What the server said to the attempt that is still shown. */
  refusal: string | null;
  buttons: ReactNode;
  /** The panels. */
  children: ReactNode;
}

/** A long form: panels, what is wrong with the last attempt, and the buttons below. */
export function FormFrame({ onSubmit, mistakes, refusal, buttons, children }: FormFrameProps) {
  return (
    <form noValidate onSubmit={onSubmit} className="mt-6 grid max-w-3xl gap-4">
      {children}
      {mistakes === null ? null : (
        <p role="alert" className="text-2 font-medium text-problem">
          {mistakes}
        </p>
      )}
      {refusal === null ? null : (
        <Notice tone="attention" role="alert">
          {refusal}
        </Notice>
      )}
      <div className="flex flex-wrap gap-2">{buttons}</div>
    </form>
  );
}
