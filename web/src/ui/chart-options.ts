import UPlot from 'uplot';

/** A limit drawn across the picture, e.g. a rule's threshold. */
export interface ChartThreshold {
  value: number;
  /** Stands beside the line, e.g. "Limit 90 %". */
  label: string;
  /** Where the limit moved: one for each time, null where there was none. `value` is the latest. */
  values?: readonly (number | null)[] | undefined;
}

/** A second, quieter line that explains the first, e.g. what is usual. */
export interface ChartBeside {
  values: readonly (number | null)[];
  label: string;
}

/** A time that is shaded behind the line, e.g. while an alert was open. `to: null` means until now. */
export interface ChartSpan {
  from: number;
  to: number | null;
  tone: 'problem' | 'attention' | 'maintenance' | 'unknown';
}

export interface ChartLook {
  unit: string;
  language: string;
  /** IANA name; the browser's own zone when it is left out. */
  timeZone: string | undefined;
  from: number;
  to: number;
  height: number;
  threshold: ChartThreshold | undefined;
  beside: ChartBeside | undefined;
  spans: readonly ChartSpan[];
  onZoom: ((from: number, to: number) => void) | undefined;
  onCursor: (index: number | null) => void;
}

/** A canvas needs plain colours: light-dark() is settled by a probe element. */
function resolved(name: string): string {
  return resolvedColour(getComputedStyle(document.documentElement).getPropertyValue(name).trim());
}

function resolvedColour(colour: string): string {
  const probe = document.createElement('span');
  probe.style.color = colour;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

const labelFont = '11px system-ui, sans-serif';
/** A drag shorter than this was a click. */
const zoomPixelsMin = 8;
const daySeconds = 86_400;

function drawSpans(plot: UPlot, look: ChartLook): void {
  const { ctx, bbox } = plot;
  ctx.save();
  for (const span of look.spans) {
    const left = Math.max(bbox.left, plot.valToPos(span.from, 'x', true));
    const right = Math.min(bbox.left + bbox.width, plot.valToPos(span.to ?? look.to, 'x', true));
    if (right <= left) continue;
    ctx.fillStyle = resolved(`--${span.tone}-soft`);
    ctx.fillRect(left, bbox.top, right - left, bbox.height);
  }
  ctx.restore();
}

/** Flat across the picture, or from step to step where the limit moved. */
function limitPath(plot: UPlot, { value, values }: ChartThreshold): void {
  const { ctx, bbox } = plot;
  ctx.beginPath();
  if (values === undefined) {
    const y = Math.round(plot.valToPos(value, 'y', true)) + 0.5;
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
  } else {
    let before: number | undefined;
    plot.data[0].forEach((time, index) => {
      const limit = values[index] ?? null;
      const [x, y] = [plot.valToPos(time, 'x', true), plot.valToPos(limit ?? 0, 'y', true)];
      if (limit === null) before = undefined;
      else if (before === undefined) ctx.moveTo(x, y);
      else {
        ctx.lineTo(x, before);
        ctx.lineTo(x, y);
      }
      before = limit === null ? undefined : y;
    });
  }
  ctx.stroke();
}

function drawThreshold(plot: UPlot, threshold: ChartThreshold): void {
  const { value, label } = threshold;
  const { ctx, bbox } = plot;
  const y = Math.round(plot.valToPos(value, 'y', true)) + 0.5;
  ctx.save();
  ctx.strokeStyle = resolved('--problem');
  ctx.fillStyle = ctx.strokeStyle;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio]);
  limitPath(plot, threshold);
  ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
  // What matters usually happened last, on the right; a limit that moved is named where it is now.
  const left = threshold.values === undefined;
  ctx.textAlign = left ? 'left' : 'right';
  // Below the line only where there is no room above it.
  const above = y - bbox.top > 18 * devicePixelRatio;
  ctx.textBaseline = above ? 'bottom' : 'top';
  ctx.fillText(label, left ? bbox.left + 6 : bbox.left + bbox.width - 4, above ? y - 2 : y + 3);
  ctx.restore();
}

function zoomTo(plot: UPlot, onZoom: (from: number, to: number) => void): void {
  const { left, width } = plot.select;
  if (width < zoomPixelsMin) return;
  const range = [plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')] as const;
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  onZoom(range[0], range[1]);
}

type AxesLook = Pick<ChartLook, 'unit' | 'language' | 'timeZone' | 'from' | 'to'>;

function axesOf(look: AxesLook): UPlot.Axis[] {
  const axis = {
    stroke: resolved('--ink-3'),
    grid: { stroke: resolved('--line'), width: 1 },
    ticks: { show: false },
    font: labelFont,
  };
  const zone = look.timeZone === undefined ? {} : { timeZone: look.timeZone };
  const figure = new Intl.NumberFormat(look.language, { maximumFractionDigits: 2 });
  const clock = new Intl.DateTimeFormat(look.language, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...zone,
  });
  const day = new Intl.DateTimeFormat(look.language, { day: 'numeric', month: 'short', ...zone });
  const time = look.to - look.from > 2 * daySeconds ? day : clock;
  return [
    { ...axis, size: 28, values: (_, splits) => splits.map((at) => time.format(at * 1_000)) },
    {
      ...axis,
      size: 58,
      values: (_, splits) => splits.map((value) => `${figure.format(value)} ${look.unit}`.trim()),
    },
  ];
}

function known(plot: UPlot): number {
  let count = 0;
  for (const value of plot.data[1] ?? []) if (value !== null && value !== undefined) count += 1;
  return count;
}

export function chartOptions(look: ChartLook, width: number): UPlot.Options {
  const { from, to, height, threshold, timeZone, onZoom } = look;
  return {
    width,
    height,
    legend: { show: false },
    ...(timeZone === undefined
      ? {}
      : { tzDate: (at: number) => UPlot.tzDate(new Date(at * 1_000), timeZone) }),
    cursor: { y: false, points: { size: 7 }, drag: { x: onZoom !== undefined, y: false, setScale: false } },
    scales: {
      x: { range: [from, to] },
      y: {
        range: (_, low, high) => {
          const limits = threshold?.values?.map((limit) => limit ?? 0) ?? [];
          const top = Math.max(high ?? 0, threshold?.value ?? 0, ...limits, (low ?? 0) + 1);
          return UPlot.rangeNum(Math.min(0, low ?? 0, threshold?.value ?? 0), top, 0.1, true);
        },
      },
    },
    axes: axesOf(look),
    series: [
      {},
      {
        stroke: resolved('--accent'),
        width: 1.6,
        // A lone point between two silences has no line to stand on.
        points: { show: (plot) => known(plot) < 3 },
        spanGaps: false,
        fill: resolved('--accent-soft'),
      },
      ...(look.beside === undefined
        ? []
        : [{ stroke: resolved('--ink-3'), width: 1.2, points: { show: false }, spanGaps: false }]),
    ],
    hooks: {
      drawClear: [(plot) => drawSpans(plot, look)],
      draw: threshold === undefined ? [] : [(plot) => drawThreshold(plot, threshold)],
      setCursor: [(plot) => look.onCursor(plot.cursor.idx ?? null)],
      setSelect: onZoom === undefined ? [] : [(plot) => zoomTo(plot, onZoom)],
    },
  };
}

/** Filled layers, the tallest given first; colours may be any that CSS knows. */
export function stackedOptions(
  look: AxesLook & Pick<ChartLook, 'height' | 'onCursor'>,
  colours: readonly string[],
  width: number,
): UPlot.Options {
  const { from, to, height, timeZone } = look;
  return {
    width,
    height,
    legend: { show: false },
    ...(timeZone === undefined
      ? {}
      : { tzDate: (at: number) => UPlot.tzDate(new Date(at * 1_000), timeZone) }),
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false, setScale: false } },
    scales: {
      x: { range: [from, to] },
      y: { range: (_, _low, high) => UPlot.rangeNum(0, Math.max(high ?? 0, 1), 0.1, true) },
    },
    axes: axesOf(look),
    series: [
      {},
      ...colours.map((colour) => ({
        stroke: resolvedColour(colour),
        width: 1,
        fill: resolvedColour(colour),
        points: { show: false },
        spanGaps: false,
      })),
    ],
    hooks: { setCursor: [(plot: UPlot) => look.onCursor(plot.cursor.idx ?? null)] },
  };
}
