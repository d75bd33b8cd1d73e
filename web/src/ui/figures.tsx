export interface FigureItem {
  label: string;
  value: string;
}

/** A few numbers to be read at a glance, the number first. */
export function Figures({ items }: { items: readonly FigureItem[] }) {
  return (
    <dl className="flex flex-wrap gap-x-4 gap-y-4 sm:gap-x-8">
      {items.map(({ label, value }) => (
        <div key={label} className="flex min-w-16 flex-col-reverse sm:min-w-20">
          <dt className="text-1 text-ink-3">{label}</dt>
          <dd className="text-[18px] leading-snug font-semibold tracking-[-0.01em] sm:text-4">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
