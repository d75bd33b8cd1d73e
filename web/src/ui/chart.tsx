import { useEffect, useRef, useSyncExternalStore } from 'react';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

interface ChartProps {
  times: readonly number[];
  values: readonly (number | null)[];
  unit: string;
  language: string;
  /** The whole span asked for, so that silence at the ends is seen. */
  from: number;
  to: number;
  /** What the picture shows, for those who do not see it; the table beneath has the figures. */
  summary: string;
  height?: number;
}

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** A canvas needs plain colours: light-dark() is settled by a probe element. */
function resolved(name: string): string {
  const probe = document.createElement('span');
  probe.style.color = colour(name);
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

function options(props: Omit<ChartProps, 'times' | 'values' | 'summary'>, width: number): UPlot.Options {
  const { unit, language, from, to, height = 200 } = props;
  const ink = resolved('--ink-3');
  const grid = { stroke: resolved('--line'), width: 1 };
  const axis = { stroke: ink, grid, ticks: { show: false }, font: '11px system-ui, sans-serif' };
  const figure = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
  const clock = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const day = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short' });
  const daySeconds = 86_400;
  const time = to - from > 2 * daySeconds ? day : clock;
  return {
    width,
    height,
    legend: { show: false },
    cursor: { y: false, points: { size: 7 } },
    scales: {
      x: { range: [from, to] },
      y: { range: (_, low, high) => UPlot.rangeNum(Math.min(0, low), Math.max(high, low + 1), 0.1, true) },
    },
    axes: [
      { ...axis, size: 28, values: (_, splits) => splits.map((at) => time.format(at * 1_000)) },
      {
        ...axis,
        size: 58,
        values: (_, splits) => splits.map((value) => `${figure.format(value)} ${unit}`.trim()),
      },
    ],
    series: [
      {},
      {
        stroke: resolved('--accent'),
        width: 1.6,
        points: { show: false },
        spanGaps: false,
        fill: resolved('--accent-soft'),
      },
    ],
  };
}

function subscribeTheme(listener: () => void): () => void {
  const media = matchMedia('(prefers-color-scheme: dark)');
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  media.addEventListener('change', listener);
  return () => {
    observer.disconnect();
    media.removeEventListener('change', listener);
  };
}

function currentTheme(): string {
  return `${document.documentElement.dataset.theme ?? ''} ${matchMedia('(prefers-color-scheme: dark)').matches}`;
}

export function Chart(props: ChartProps) {
  const { times, values, unit, language, from, to, summary, height = 200 } = props;
  const box = useRef<HTMLDivElement>(null);
  const theme = useSyncExternalStore(subscribeTheme, currentTheme);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are read anew when the theme changes
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const plot = new UPlot(
      options({ unit, language, from, to, height }, element.clientWidth),
      [[...times], [...values]],
      element,
    );
    const resize = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }));
    resize.observe(element);
    return () => {
      resize.disconnect();
      plot.destroy();
    };
  }, [times, values, unit, language, from, to, height, theme]);

  return (
    <div ref={box} role="img" aria-label={summary} style={{ height }} className="w-full overflow-hidden" />
  );
}
