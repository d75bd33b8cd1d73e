import type { ReactNode } from 'react';

export function Sample({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="grid gap-4">
      <h2 className="border-b border-line pb-1.5 text-1 font-semibold text-ink-2">{title}</h2>
      {children}
    </section>
  );
}
