import { useEffect } from 'react';

/** Keeps the screen on while the component is shown, where the browser can; taken again after the tab was hidden. */
export function useWakeLock(): void {
  useEffect(() => {
    let lock: WakeLockSentinel | undefined;
    let left = false;
    async function take(): Promise<void> {
      if (left || document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
      try {
        lock = await navigator.wakeLock.request('screen');
        if (left) await lock.release();
      } catch {
        // Refused, for example on low battery: the screen then sleeps as it is set to.
      }
    }
    const onVisibility = (): void => void take();
    document.addEventListener('visibilitychange', onVisibility);
    void take();
    return () => {
      left = true;
      document.removeEventListener('visibilitychange', onVisibility);
      void lock?.release();
    };
  }, []);
}
