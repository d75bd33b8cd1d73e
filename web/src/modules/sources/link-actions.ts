import { useQueryClient } from '@tanstack/react-query';
import type { Check } from '@watchkeeper/contracts/checks';
import type { SourceObject } from '@watchkeeper/contracts/sources';
import { useState } from 'react';
import { api } from '../../api/client';
import { keys } from '../../api/keys';
import { answered, messageOf } from '../../api/problem';
import { useOrg } from '../../app/session';
import { useToast } from '../../app/toast';
import { useUndo } from '../../app/undo';
import { t } from '../../messages';

/** Links that are made at the same time. */
const lanes = 4;

export interface Link {
  object: SourceObject;
  device: string;
}

/** Confirming which device an object is, and taking that back. What is under way is named by refs and checks. */
export function useLinks(source: string) {
  const { org } = useOrg();
  const queryClient = useQueryClient();
  const say = useToast();
  const offerUndo = useUndo();
  const [busy, setBusy] = useState<ReadonlySet<string>>(new Set());
  /** Checks that go once nobody asked for them back. */
  const [leaving, setLeaving] = useState<ReadonlySet<string>>(new Set());

  const readAgain = async (): Promise<void> => {
    await Promise.all(
      (['sources', 'checks', 'states'] as const).map((resource) =>
        queryClient.invalidateQueries({ queryKey: keys.of(org, resource) }),
      ),
    );
  };
  const drop = (check: string): Promise<unknown> =>
    answered(api.DELETE('/api/v1/{org}/checks/{check}', { params: { path: { org, check } } }));
  const make = ({ object, device }: Link): Promise<Check> =>
    answered<Check>(
      api.POST('/api/v1/{org}/sources/{source}/links', {
        params: { path: { org, source } },
        body: { ref: object.ref, device },
      }),
    );

  async function link(links: readonly Link[]): Promise<void> {
    const refs = links.map(({ object }) => object.ref);
    setBusy((before) => new Set([...before, ...refs]));
    const { made, failures } = await inLanes(links, make);
    await readAgain();
    setBusy((before) => new Set([...before].filter((ref) => !refs.includes(ref))));
    const [first] = links;
    if (made.length > 0 && first !== undefined) {
      offerUndo({
        text:
          links.length === 1
            ? t.sources.linked(first.object.name, first.device)
            : t.sources.linkedMany(made.length),
        undo: async () => {
          const dropped = await inLanes(made, (check) => drop(check.slug));
          await readAgain();
          // What did not go is linked still: said with the reason, not passed over.
          if (dropped.failures.length > 0) throw dropped.failures[0];
        },
      });
    }
    if (failures.length > 0)
      say({ tone: 'problem', text: t.sources.linkFailed(failures.length, messageOf(failures[0])) });
  }

  /** With the check goes its history, so it is held until nobody asked for it back. */
  function unlink(object: SourceObject, check: string): void {
    const stay = (): void => setLeaving((before) => new Set([...before].filter((each) => each !== check)));
    setLeaving((before) => new Set(before).add(check));
    offerUndo({
      text: t.sources.unlinked(object.name),
      undo: stay,
      send: () => {
        void drop(check)
          .catch((error: unknown) =>
            say({ tone: 'problem', text: `${t.sources.unlinkFailed} ${messageOf(error)}` }),
          )
          .then(readAgain)
          .then(stay);
      },
    });
  }

  return { busy, leaving, link, unlink };
}

/** A few at a time; one that fails stops no other. */
async function inLanes<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<{ made: R[]; failures: unknown[] }> {
  const queue = [...items];
  const made: R[] = [];
  const failures: unknown[] = [];
  const lane = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      try {
        made.push(await work(item));
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return { made, failures };
}
