import type { ReactNode } from 'react';
import { t } from '../../messages';
import { BrandMark } from '../../ui/brand';

interface DoorProps {
  title: string;
  lead?: ReactNode;
  children: ReactNode;
}

/** The pages before the console: one narrow column, one thing to do. */
export function Door({ title, lead, children }: DoorProps) {
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-[26rem] flex-col justify-center px-5 py-12">
      <div className="mb-8 flex items-center gap-2.5 text-3 font-semibold">
        <BrandMark size={26} />
        {t.product}
      </div>
      <div className="rounded-3 border border-line bg-surface p-5 shadow-card sm:p-7">
        <h1 className="text-4 font-semibold tracking-[-0.01em]">{title}</h1>
        {lead === undefined ? null : <p className="mt-1.5 text-2 text-ink-2">{lead}</p>}
        <div className="mt-5">{children}</div>
      </div>
      <p className="mt-6 text-1 text-ink-3">{t.signIn.tagline}</p>
    </main>
  );
}
