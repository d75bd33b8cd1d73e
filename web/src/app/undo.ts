import { useCallback } from 'react';
import { messageOf } from '../api/problem';
import { t } from '../messages';
import { useToast } from './toast';

export interface Undoable {
  /** The action in the past tense: "Acknowledged: Bay 4 PC". */
  text: string;
  /** Puts back what was: on the screen alone when the write is held back, by a second write otherwise. */
  undo: () => unknown;
  /**
   * For writes that cannot be undone: sent when the toast disappears or the page is left without an undo.
   * It reports its own failure.
   */
  send?: () => void;
}

/**
 * Tells what was done and offers to undo it. Two ways: write at once and give `undo` the opposite write, or show
 * it at once, hold the write back in `send`, and let `undo` only mend the screen.
 *
 *     const offerUndo = useUndo();
 *     offerUndo({ text: t.alert.acknowledged(alert.title), undo: () => putBack(alert) });
 */
export function useUndo(): (done: Undoable) => void {
  const say = useToast();
  return useCallback(
    ({ text, undo, send }) => {
      const run = async (): Promise<void> => {
        try {
          await undo();
        } catch (error) {
          say({ tone: 'problem', text: `${t.toasts.undoFailed} ${messageOf(error)}` });
        }
      };
      say({
        tone: 'ok',
        text,
        action: { label: t.action.undo, run: () => void run() },
        ...(send === undefined ? {} : { onGone: send }),
      });
    },
    [say],
  );
}
