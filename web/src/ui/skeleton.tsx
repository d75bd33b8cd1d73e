import { classes } from './classes';

/** Holds the place of what is being read, in its size, so that nothing jumps when it arrives. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden="true" className={classes('animate-breathe rounded-2 bg-sunken', className)} />;
}

export function SkeletonPage({ label }: { label: string }) {
  return (
    <div role="status" aria-label={label}>
      <Skeleton className="h-8 w-80 max-w-full" />
      <Skeleton className="mt-3 h-5 w-96 max-w-full" />
      <div className="mt-8 grid gap-3">
        <Skeleton className="h-28 rounded-3" />
        <Skeleton className="h-28 rounded-3" />
      </div>
    </div>
  );
}

export function SkeletonRows({ label, rows = 4 }: { label: string; rows?: number }) {
  return (
    <div role="status" aria-label={label} className="grid gap-2.5">
      {Array.from({ length: rows }, (_, row) => row).map((row) => (
        <Skeleton key={row} className="h-9" />
      ))}
    </div>
  );
}
