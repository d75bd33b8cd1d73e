import type { ReactNode } from 'react';
import { t } from '../messages';
import { Answer } from '../ui/answer';
import { Button, buttonClass } from '../ui/button';
import { Notice } from '../ui/notice';
import { AppLink } from './link';
import { NoPermission } from './no-permission';
import { useOrg } from './session';

interface WritersOnlyProps {
  title: string;
  crumb: ReactNode;
  children: ReactNode;
}

/**
 * A person without the right to change the inventory sees a message instead of a form that would be
 * refused.
 */
export function WritersOnly({ title, crumb, children }: WritersOnlyProps) {
  const { can } = useOrg();
  if (can('inventory:write')) return children;
  return (
    <>
      <Answer crumb={crumb}>{title}</Answer>
      <div className="mt-6">
        <NoPermission />
      </div>
    </>
  );
}

interface KindCardsProps<Kind> {
  kinds: readonly Kind[];
  to: (kind: Kind) => string;
}

/** The choices, each with its purpose. */
export function KindCards<Kind extends { kind: string; label: string; help: string }>({
  kinds,
  to,
}: KindCardsProps<Kind>) {
  return (
    <ul className="mt-6 grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
      {kinds.map((kind) => (
        <li key={kind.kind} className="grid">
          <AppLink
            to={to(kind)}
            className="grid content-start gap-1 rounded-3 border border-line bg-surface p-4 shadow-card hover:border-accent"
          >
            <span className="font-semibold">{kind.label}</span>
            <span className="text-2 text-ink-2">{kind.help}</span>
          </AppLink>
        </li>
      ))}
    </ul>
  );
}

/** Somebody else was quicker: what was typed stays until one begins anew from theirs. */
export function ChangedMeanwhile(props: { text: string; startOver: string; onStartOver: () => void }) {
  return (
    <Notice
      tone="attention"
      role="alert"
      className="mt-5"
      action={<Button onClick={props.onStartOver}>{props.startOver}</Button>}
    >
      {props.text}
    </Notice>
  );
}

export function FormButtons({ submit, busy, back }: { submit: string; busy: boolean; back: string }) {
  return (
    <>
      <Button variant="primary" type="submit" busy={busy}>
        {submit}
      </Button>
      <AppLink to={back} className={buttonClass('quiet')}>
        {t.action.cancel}
      </AppLink>
    </>
  );
}
