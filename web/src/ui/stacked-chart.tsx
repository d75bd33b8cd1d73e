import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { formatExact } from '../lib/time';
import { currentTheme, subscribeTheme } from './chart';
import { stackedOptions } from './chart-options';

export interface StackedLayer {
  id: string;
  label: string;
  /** One for each time; null where nothing was measured. */
  values: readonly (number | null)[];
}

interface StackedChartProps {
  /** Seconds since 1970, rising. */
  times: readonly number[];
  /** From the bottom up. */
  layers: readonly StackedLayer[];
  unit: string;
  language: string;
  timeZone?: string | undefined;
  from: number;
  to: number;
  /** What the picture shows, for those who do not see it; the table beneath has the figures. */
  summary: string;
  height?: number;
}

/** One colour in steps: the order tells the layers apart, the key names them. */
const shades = [90, 68, 48, 30, 14] as const;

function shadeOf(index: number): string {
  return `color-mix(in srgb, var(--accent) ${shades[index % shades.length]}%, var(--surface))`;
}

/** Each layer on top of those before it; a time at which none was measured is a gap in all. */
function stack(layers: readonly StackedLayer[], length: number): (number | null)[][] {
  const sums = new Array<number>(length).fill(0);
  return layers.map(({ values }) =>
    sums.map((below, index) => {
      const isGap = layers.every((layer) => (layer.values[index] ?? null) === null);
      sums[index] = below + (values[index] ?? 0);
      return isGap ? null : (sums[index] ?? null);
    }),
  );
}

/** What a time is made of, over time. */
export function StackedChart(props: StackedChartProps) {
  const { times, layers, unit, language, timeZone, from, to, summary, height = 220 } = props;
  const box = useRef<HTMLDivElement>(null);
  const [cursor, setCursor] = useState<number | null>(null);
  const theme = useSyncExternalStore(subscribeTheme, currentTheme);

  // biome-ignore lint/correctness/useExhaustiveDependencies: colours are read anew when the theme changes
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const look = { unit, language, timeZone, from, to, height, onCursor: setCursor };
    // The tallest is drawn first, so that each lower one lies over it.
    const drawn = stack(layers, times.length).toReversed();
    const colours = layers.map((_, index) => shadeOf(index)).toReversed();
    const plot = new UPlot(
      stackedOptions(look, colours, element.clientWidth),
      [[...times], ...drawn],
      element,
    );
    const resize = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }));
    resize.observe(element);
    return () => {
      resize.disconnect();
      plot.destroy();
    };
  }, [times, layers, unit, language, timeZone, from, to, height, theme]);

  const time = cursor === null ? undefined : times[cursor];
  const figure = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  return (
    <div>
      <div ref={box} role="img" aria-label={summary} style={{ height }} className="w-full overflow-hidden" />
      <ul aria-hidden="true" className="mt-1 flex flex-wrap gap-x-4 gap-y-1 text-1 text-ink-2">
        {layers.map((layer, index) => {
          const value = cursor === null ? null : (layer.values[cursor] ?? null);
          return (
            <li key={layer.id} className="inline-flex items-center gap-1.5">
              <span
                className="size-2.5 rounded-[3px] border border-accent/40"
                style={{ backgroundColor: shadeOf(index) }}
              />
              {layer.label}
              {value === null ? null : (
                <b className="font-semibold text-ink tabular-nums">{`${figure.format(value)} ${unit}`}</b>
              )}
            </li>
          );
        })}
      </ul>
      <p aria-hidden="true" className="min-h-5 text-right text-1 text-ink-3 tabular-nums">
        {time === undefined ? null : formatExact(time * 1_000, language, timeZone)}
      </p>
    </div>
  );
}
