import { type ComponentType, useEffect, useState } from 'react';
import { useToast } from '../app/toast';
import { t, withRoomWords } from '../messages';

type Palette = ComponentType<{ onClose: () => void }>;

const openEvent = 'watchkeeper:palette';
const onApple = /Mac|iPhone|iPad/.test(navigator.userAgent);

export const paletteKeys = onApple ? '⌘ K' : 'Ctrl K';

const load = withRoomWords(() => import('./command-palette'));

/** For buttons anywhere in the frame. */
export function openPalette(): void {
  dispatchEvent(new Event(openEvent));
}

/** Opens the palette by its key, also while somebody is typing; its code comes with the first use. */
export function PaletteKey() {
  const [open, setOpen] = useState(false);
  const [Palette, setPalette] = useState<Palette>();
  const say = useToast();
  useEffect(() => {
    if (!open || Palette !== undefined) return;
    load().then(
      ({ CommandPalette }) => setPalette(() => CommandPalette),
      () => {
        setOpen(false);
        say({ tone: 'problem', text: t.problem.network });
      },
    );
  }, [open, Palette, say]);
  useEffect(() => {
    function show(): void {
      setOpen(true);
    }
    function onKeyDown(event: KeyboardEvent): void {
      const wanted = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
      if (!wanted || event.key.toLowerCase() !== 'k') return;
      event.preventDefault();
      setOpen((before) => !before && document.querySelector('dialog[open]') === null);
    }
    addEventListener('keydown', onKeyDown);
    addEventListener(openEvent, show);
    return () => {
      removeEventListener('keydown', onKeyDown);
      removeEventListener(openEvent, show);
    };
  }, []);
  if (!open || Palette === undefined) return null;
  return <Palette onClose={() => setOpen(false)} />;
}
