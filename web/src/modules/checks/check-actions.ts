import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { Check, CheckRun, CheckUpdate } from '@watchkeeper/contracts/checks';
import type { Static } from 'typebox';
import { api } from '../../api/client';
import { keys } from '../../api/keys';
import { changeOf, during, type Meanwhile, showMeanwhile } from '../../api/meanwhile';
import { answered, messageOf } from '../../api/problem';
import { useOrg } from '../../app/session';
import { useToast } from '../../app/toast';
import { useUndo } from '../../app/undo';
import { t } from '../../messages';
import type { SettingName } from './check-draft';

interface CheckList {
  data: Check[];
}

/** A check with its version, read once: newer data must not change the form during an edit. */
export function readForEdit(org: string, slug: string) {
  return queryOptions({
    queryKey: keys.of(org, 'checkKinds', 'edit', slug),
    queryFn: async ({ signal }) => {
      const call = api.GET('/api/v1/{org}/checks/{check}', {
        params: { path: { org, check: slug } },
        signal,
      });
      const check = await answered<Check>(call);
      return { check, etag: (await call).response.headers.get('etag') ?? '' };
    },
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
}

/** Refused with 412 when somebody else wrote in between. */
export function saveCheck(org: string, slug: string, body: CheckUpdate, etag?: string): Promise<Check> {
  return answered<Check>(
    api.PUT('/api/v1/{org}/checks/{check}', {
      params: { path: { org, check: slug } },
      ...(etag === undefined || etag === '' ? {} : { headers: { 'if-match': etag } }),
      body,
    }),
  );
}

/** The settings of a check in the form of a write; inherited ones stay inherited. */
function bodyOf(check: Check): CheckUpdate {
  const own = (name: SettingName) => (check.overrides.includes(name) ? check[name] : null);
  return {
    name: check.name,
    config: check.config,
    interval: own('interval'),
    timeout: own('timeout'),
    retries: own('retries'),
    alert_after_failures: own('alert_after_failures'),
    recover_after_successes: own('recover_after_successes'),
    site: check.device === null ? check.site : null,
    device: check.device,
    depends_on: check.depends_on,
    enabled: check.enabled,
  };
}

/** Goes and looks now. The list and the results follow with the scheduled run that comes after. */
export function useRunNow(slug: string) {
  const { org } = useOrg();
  return useMutation({
    mutationFn: () =>
      answered<Static<typeof CheckRun>>(
        api.POST('/api/v1/{org}/checks/{check}/run', { params: { path: { org, check: slug } } }),
      ),
  });
}

/** Switching and deleting: shown at once, undone by one press, rolled back when the server refuses. */
export function useCheckActions() {
  const { org } = useOrg();
  const queryClient = useQueryClient();
  const say = useToast();
  const offerUndo = useUndo();

  const listsKey = keys.of(org, 'checks', 'list');
  const showOn = (slug: string, enabled: boolean): Promise<Meanwhile> =>
    showMeanwhile(queryClient, [
      changeOf<Check>(keys.of(org, 'checks', 'one', slug), (check) => ({ ...check, enabled })),
      changeOf<CheckList>(listsKey, (list) => ({
        ...list,
        data: list.data.map((each) => (each.slug === slug ? { ...each, enabled } : each)),
      })),
    ]);
  const readAgain = async (): Promise<void> => {
    await Promise.all(
      (['checks', 'alerts', 'overview'] as const).map((resource) =>
        queryClient.invalidateQueries({ queryKey: keys.of(org, resource) }),
      ),
    );
  };

  const toggle = useMutation({
    mutationFn: ({ check, enabled }: { check: Check; enabled: boolean }) =>
      saveCheck(org, check.slug, { ...bodyOf(check), enabled }),
    onMutate: ({ check, enabled }) => showOn(check.slug, enabled),
    onSuccess: (saved, { enabled }, shown) => {
      shown?.keep();
      offerUndo({
        text: enabled ? t.check.switchedOn(saved.name) : t.check.switchedOff(saved.name),
        undo: () =>
          during(showOn(saved.slug, !enabled), async () => {
            await saveCheck(org, saved.slug, { ...bodyOf(saved), enabled: !enabled });
            await readAgain();
          }),
      });
    },
    onError: (error, _, shown) => {
      shown?.undo();
      say({ tone: 'problem', text: messageOf(error) });
    },
    onSettled: readAgain,
  });

  /** A deletion cannot be undone, so it is held back until the time for undo is over. */
  async function remove(check: Check): Promise<void> {
    const shown = await showMeanwhile(queryClient, [
      changeOf<CheckList>(listsKey, (list) => ({
        ...list,
        data: list.data.filter((each) => each.id !== check.id),
      })),
    ]);
    offerUndo({
      text: t.check.deleted(check.name),
      undo: shown.undo,
      send: () => {
        void answered(
          api.DELETE('/api/v1/{org}/checks/{check}', { params: { path: { org, check: check.slug } } }),
        )
          .then(shown.keep)
          .catch((error: unknown) => {
            shown.undo();
            say({ tone: 'problem', text: `${t.check.deleteFailed} ${messageOf(error)}` });
            return readAgain();
          });
      },
    });
  }

  return { toggle, remove };
}
