import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Source } from '@watchkeeper/contracts/sources';
import { useState } from 'react';
import { api } from '../../api/client';
import { keys } from '../../api/keys';
import { changeOf, showMeanwhile } from '../../api/meanwhile';
import { answered, messageOf } from '../../api/problem';
import { useArrive } from '../../app/link';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { useToast } from '../../app/toast';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Skeleton } from '../../ui/skeleton';
import { checksOfSourceQuery, type Listed } from './queries';

const namesMax = 8;

/** Asks first: its secret cannot be brought back, and checks lose the word they go by. */
export function DeleteSource({ source }: { source: Source }) {
  const { org } = useOrg();
  const arrive = useArrive();
  const say = useToast();
  const queryClient = useQueryClient();
  const [asking, setAsking] = useState(false);
  const remove = useMutation({
    mutationFn: () =>
      answered(
        api.DELETE('/api/v1/{org}/sources/{source}', { params: { path: { org, source: source.slug } } }),
      ),
    // Its page is left before it goes: what is gone must not be read again.
    onMutate: async () => {
      await queryClient.cancelQueries({ queryKey: keys.of(org, 'sources') });
      const shown = await showMeanwhile(queryClient, [
        changeOf<Listed<Source>>(keys.of(org, 'sources', 'list'), (list) => ({
          ...list,
          data: list.data.filter((each) => each.id !== source.id),
        })),
      ]);
      await arrive(paths.sources({ org }));
      return shown;
    },
    onSuccess: (_, __, shown) => {
      shown?.keep();
      say({ tone: 'ok', text: t.sources.deleted(source.name) });
    },
    onError: (error, _, shown) => {
      shown?.undo();
      say({ tone: 'problem', text: messageOf(error) });
    },
    onSettled: () =>
      Promise.all(
        (['sources', 'checks'] as const).map((resource) =>
          queryClient.invalidateQueries({ queryKey: keys.of(org, resource) }),
        ),
      ),
  });
  return (
    <>
      <Button variant="quiet" busy={remove.isPending} onClick={() => setAsking(true)}>
        {t.sources.delete}
      </Button>
      <Dialog
        open={asking}
        onClose={() => setAsking(false)}
        title={t.sources.deleteTitle(source.name)}
        closeLabel={t.action.close}
      >
        <p className="text-2 text-ink-2">{t.sources.deleteText}</p>
        {asking ? <Losers source={source} /> : null}
        <div className="mt-5 flex flex-wrap justify-end gap-2">
          <Button onClick={() => setAsking(false)}>{t.action.cancel}</Button>
          <Button
            variant="primary"
            onClick={() => {
              setAsking(false);
              remove.mutate();
            }}
          >
            {t.sources.deleteDo}
          </Button>
        </div>
      </Dialog>
    </>
  );
}

/** The checks that go by what it says. */
function Losers({ source }: { source: Source }) {
  const { org } = useOrg();
  const checks = useQuery(checksOfSourceQuery(org, source));
  return (
    <div className="mt-3 text-2">
      <Loaded query={checks} loading={<Skeleton className="h-10" />}>
        {(data) =>
          data.length === 0 ? (
            <p>{t.sources.deleteNone}</p>
          ) : (
            <>
              <p>{t.sources.deleteChecks(data.length)}</p>
              <ul className="mt-1 list-disc pl-5">
                {data.slice(0, namesMax).map((check) => (
                  <li key={check.id}>{check.name}</li>
                ))}
              </ul>
              {data.length > namesMax ? <p>{t.sources.andMore(data.length - namesMax)}</p> : null}
            </>
          )
        }
      </Loaded>
    </div>
  );
}
