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
    <li className="grid grid-cols-[1.125rem_minmax(0,1fr)] items-center gap-x-3 gap-y-1 border-b border-line px-3 py-2 last:border-b-0 md:grid-cols-[1.125rem_minmax(0,1fr)_minmax(0,10rem)_minmax(0,21rem)]">
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
      <div className="col-start-2 flex flex-wrap items-center justify-between gap-x-3 md:contents">
        <div>
          <Said object={object} />
        </div>
        <div className="min-w-0 max-md:grow">
          <Identity {...props} />
        </div>
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
  if (suggestion === null) {
    // What nothing looks like is said once, over all of them.
    return mayWrite ? (
      <div className="flex justify-end">
        <Button variant="quiet" aria-label={`${t.sources.choose}: ${object.name}`} onClick={onChoose}>
          {t.sources.choose}
        </Button>
      </div>
    ) : null;
  }
  return (
    <div className={rowClass}>
      <div className="min-w-0 grow basis-40">
        <DeviceLink device={suggestion.device} />
        <p className="text-1 text-ink-3">{t.sources.matchedBy[suggestion.by]}</p>
      </div>
      {mayWrite ? (
        <div className="flex gap-1 max-md:grow max-md:justify-end">
          <Button variant="quiet" aria-label={`${t.sources.otherDevice}: ${object.name}`} onClick={onChoose}>
            {t.sources.other}
          </Button>
          <Button
            busy={links.busy.has(object.ref)}
            aria-label={t.sources.linkOne(object.name, suggestion.device)}
            onClick={() => void links.link([{ object, device: suggestion.device }])}
          >
            {t.sources.link}
          </Button>
        </div>
      ) : null}
    </div>
  );
}

function DeviceLink({ device }: { device: string }) {
  const { org } = useOrg();
  return (
    <AppLink
      to={paths.device({ org, device })}
      className="text-2 font-medium break-words text-accent hover:underline"
    >
      {device}
    </AppLink>
  );
}

function Linked({ device, check }: SourceObject['linked'][number]) {
  const { org } = useOrg();
  return (
    <span className="min-w-0 text-2">
      {device === null ? (
        <AppLink to={paths.check({ org, check })} className="text-accent hover:underline">
          {t.sources.noDevice}
        </AppLink>
      ) : (
        <DeviceLink device={device} />
      )}
    </span>
  );
}
