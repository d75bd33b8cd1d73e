import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { formatExact } from '../lib/time';
import { type ChartBeside, type ChartSpan, type ChartThreshold, chartOptions } from './chart-options';

interface ChartProps {
  /** Seconds since 1970, rising. */
  times: readonly number[];
  /** null is a gap: the line stops there. */
  values: readonly (number | null)[];
  unit: string;
  language: string;
  /** IANA name; the browser's own zone when it is left out. */
  timeZone?: string | undefined;
  /** The whole span asked for, in seconds, so that silence at the ends is seen. */
  from: number;
  to: number;
  /** What the picture shows, for those who do not see it; the table beneath has the figures. */
  summary: string;
  height?: number;
  /** A dashed line with its words, always inside the picture. */
  threshold?: ChartThreshold | undefined;
  /** A quieter line under the first, one value for each time. */
  beside?: ChartBeside | undefined;
  /** Times shaded behind the line. */
  spans?: readonly ChartSpan[] | undefined;
  /** Dragging across the picture asks for that time, in seconds; without it dragging does nothing. */
  onZoom?: ((from: number, to: number) => void) | undefined;
}

const noSpans: readonly ChartSpan[] = [];

export function subscribeTheme(listener: () => void): () => void {
  const media = matchMedia('(prefers-color-scheme: dark)');
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  media.addEventListener('change', listener);
  return () => {
    observer.disconnect();
    media.removeEventListener('change', listener);
  };
}

export function currentTheme(): string {
  return `${document.documentElement.dataset.theme ?? ''} ${matchMedia('(prefers-color-scheme: dark)').matches}`;
}

/** One figure over time, with what is under the pointer in words. */
export function Chart(props: ChartProps) {
  const { times, values, unit, language, timeZone, from, to, summary, height = 200 } = props;
  const { threshold, beside, spans = noSpans, onZoom } = props;
  const box = useRef<HTMLDivElement>(null);
  const zoom = useRef(onZoom);
  const [cursor, setCursor] = useState<number | null>(null);
  const theme = useSyncExternalStore(subscribeTheme, currentTheme);
  const canZoom = onZoom !== undefined;
  // Callers write these in place: what they say decides whether the picture is drawn anew, not who they are.
  const marks = JSON.stringify({ threshold, beside, spans });

  useEffect(() => {
    zoom.current = onZoom;
  }, [onZoom]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `marks` stands for its parts; colours are read anew when the theme changes
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const look = {
      ...{ unit, language, timeZone, from, to, height, threshold, beside, spans },
      onZoom: canZoom ? (start: number, end: number) => zoom.current?.(start, end) : undefined,
      onCursor: setCursor,
    };
    const data: UPlot.AlignedData = [
      [...times],
      [...values],
      ...(beside === undefined ? [] : [[...beside.values]]),
    ];
    const plot = new UPlot(chartOptions(look, element.clientWidth), data, element);
    const resize = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }));
    resize.observe(element);
    return () => {
      resize.disconnect();
      plot.destroy();
    };
  }, [times, values, unit, language, timeZone, from, to, height, marks, canZoom, theme]);

  return (
    <div>
      <div ref={box} role="img" aria-label={summary} style={{ height }} className="w-full overflow-hidden" />
      <Readout {...{ times, values, unit, language, timeZone, cursor, beside }} />
    </div>
  );
}

type ReadoutProps = Pick<ChartProps, 'times' | 'values' | 'unit' | 'language' | 'timeZone' | 'beside'> & {
  cursor: number | null;
};

/** Keeps its line when the pointer is elsewhere, so that nothing jumps. */
function Readout({ times, values, unit, language, timeZone, cursor, beside }: ReadoutProps) {
  const time = cursor === null ? undefined : times[cursor];
  const value = cursor === null ? undefined : values[cursor];
  const figure = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
  const said = (each: number | null | undefined) =>
    each === null || each === undefined ? '–' : `${figure.format(each)} ${unit}`.trim();
  return (
    <p aria-hidden="true" className="min-h-5 text-right text-1 text-ink-2 tabular-nums">
      {time === undefined ? null : (
        <>
          {formatExact(time * 1_000, language, timeZone)} ·{' '}
          <b className="font-semibold text-ink">{said(value)}</b>
          {beside === undefined ? null : ` · ${beside.label}: ${said(beside.values[cursor ?? 0])}`}
        </>
      )}
    </p>
  );
}
