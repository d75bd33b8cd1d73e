/** Scripts that run in the page. They are texts, because the server's types have no window. */

/** Sets `firstUseAt` when the sentence and a site tile are painted, in milliseconds since the request of the page. */
export const noteFirstUse = `(() => {
  const look = () => {
    if (window.firstUseAt || !document.querySelector('main h1') || !document.querySelector('main section h3 a')) return;
    requestAnimationFrame(() => setTimeout(() => { window.firstUseAt ??= performance.now(); }));
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
})()`;

/** Records when each frame began. */
export const countFrames = `(() => {
  window.frameTimes = [];
  const frame = (at) => { window.frameTimes.push(at); requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
})()`;

/** Records the time from each key press to the paint after it. The browser reports only those above 16 ms. */
export const countInputs = `(() => {
  window.inputTimes = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.name === 'keydown' || entry.name === 'input') window.inputTimes.push(entry.duration);
    }
  }).observe({ type: 'event', durationThreshold: 16 });
})()`;

export interface Latencies {
  max: number;
  p95: number;
  count: number;
}

/** Statistics of the values, or of the distances between them. */
export function gaps(times: readonly number[], between = true): Latencies {
  const values = between ? times.slice(1).map((at, index) => at - (times[index] ?? at)) : [...times];
  values.sort((a, b) => a - b);
  return {
    max: values.at(-1) ?? 0,
    p95: values[Math.floor(values.length * 0.95)] ?? 0,
    count: values.length,
  };
}
