import type { SourceObject } from '@watchkeeper/contracts/sources';
import { AppLink } from '../../app/link';
import { useOrg } from '../../app/session';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Button } from '../../ui/button';
import { State } from '../../ui/mark';
import { Ago, Lasting } from '../../ui/moment';
import type { useLinks } from './link-actions';
import { toneOfObserved } from './source-standing';

interface ObjectRowProps {
  object: SourceObject;
  mayWrite: boolean;
  links: ReturnType<typeof useLinks>;
  isSelected: boolean;
  onSelect: (on: boolean) => void;
  onChoose: () => void;
}

/** One object over there: what it says, and which device it is or may be. */
export function ObjectRow(props: ObjectRowProps) {
  const { object, mayWrite, isSelected, onSelect } = props;
  const isSelectable = mayWrite && object.suggestion !== null && object.linked.length === 0;
  const facts = [object.hostname, object.ref].filter((fact) => fact !== null && fact !== object.name);
  return (
    <li className="grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-3 gap-y-1.5 border-b border-line px-3 py-2 last:border-b-0 md:grid-cols-[auto_minmax(0,2fr)_minmax(0,1.5fr)_minmax(0,3fr)]">
      {isSelectable ? (
        <input
          type="checkbox"
          aria-label={t.sources.select(object.name)}
          checked={isSelected}
          onChange={(event) => onSelect(event.currentTarget.checked)}
          className="size-4.5 accent-accent"
        />
      ) : (
        <span />
      )}
      <div className="min-w-0">
        <p className="truncate font-medium">{object.name}</p>
        <p className="truncate text-1 text-ink-3">{facts.join(' · ')}</p>
      </div>
      <div className="max-md:col-start-2">
        <Said object={object} />
      </div>
      <div className="max-md:col-start-2">
        <Identity {...props} />
      </div>
    </li>
  );
}

function Said({ object }: { object: SourceObject }) {
  const word = t.sources.observed[object.state];
  return (
    <>
      <State tone={toneOfObserved(object.state, object.fresh)}>
        {object.since === null ? (
          word
        ) : (
          <Lasting at={object.since} language={t.language} coarse>
            {(duration) => t.sources.since(word, duration)}
          </Lasting>
        )}
      </State>
      {object.fresh ? null : (
        <p className="text-1 text-ink-3">
          <Ago at={object.observed_at} language={t.language}>
            {t.sources.staleWord}
          </Ago>
        </p>
      )}
    </>
  );
}

const rowClass = 'flex flex-wrap items-center justify-between gap-x-3 gap-y-1';

function Identity({ object, mayWrite, links, onChoose }: ObjectRowProps) {
  const { suggestion } = object;
  if (object.linked.length > 0) {
    return (
      <ul className="grid gap-1">
        {object.linked.map((link) => (
          <li key={link.check} className={rowClass}>
            <Linked {...link} />
            {mayWrite ? (
              <Button
                variant="quiet"
                aria-label={t.sources.unlinkOne(object.name, link.device ?? link.check)}
                onClick={() => links.unlink(object, link.check)}
              >
                {t.sources.unlink}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    );
  }
  return (
    <div className={rowClass}>
      <span className="min-w-0 text-1 text-ink-2">
        {suggestion === null ? t.sources.nothingLike : t.sources.looksLike(suggestion.device, suggestion.by)}
      </span>
      {mayWrite ? (
        <span className="flex flex-wrap gap-1">
          {suggestion === null ? (
            <Button aria-label={`${t.sources.choose}: ${object.name}`} onClick={onChoose}>
              {t.sources.choose}
            </Button>
          ) : (
            <>
              <Button
                variant="quiet"
                aria-label={`${t.sources.otherDevice}: ${object.name}`}
                onClick={onChoose}
              >
                {t.sources.otherDevice}
              </Button>
              <Button
                busy={links.busy.has(object.ref)}
                aria-label={t.sources.linkOne(object.name, suggestion.device)}
                onClick={() => void links.link([{ object, device: suggestion.device }])}
              >
                {t.sources.link}
              </Button>
            </>
          )}
        </span>
      ) : null}
    </div>
  );
}

function Linked({ device, check }: SourceObject['linked'][number]) {
  const { org } = useOrg();
  return (
    <span className="min-w-0 text-1 text-ink-2">
      {t.sources.isDevice}{' '}
      <AppLink
        to={device === null ? paths.check({ org, check }) : paths.device({ org, device })}
        className="font-medium break-words text-accent hover:underline"
      >
        {device ?? t.sources.noDevice}
      </AppLink>
    </span>
  );
}
