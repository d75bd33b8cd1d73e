import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { MaintenanceWindow } from '@watchkeeper/contracts/maintenance';
import { api } from '../../api/client';
import { keys } from '../../api/keys';
import { answered, messageOf } from '../../api/problem';
import { useGo } from '../../app/link';
import { useOrg } from '../../app/session';
import { useToast } from '../../app/toast';
import { formatClock } from '../../lib/time';
import { t } from '../../messages';
import { paths } from '../../paths';

export const extensions = ['30m', '1h', '2h', '4h'] as const;
export type Extension = (typeof extensions)[number];

/** Longer, over now, or gone. None of it can be taken back, so the page asks before the last two. */
export function useWindowActions(window: MaintenanceWindow) {
  const { org } = useOrg();
  const go = useGo();
  const say = useToast();
  const queryClient = useQueryClient();
  const params = { path: { org, id: window.id } };
  const readAgain = async (): Promise<void> => {
    await Promise.all(
      (['maintenance', 'states', 'overview', 'alerts'] as const).map((resource) =>
        queryClient.invalidateQueries({ queryKey: keys.of(org, resource) }),
      ),
    );
  };
  const onError = (error: unknown): void => say({ tone: 'problem', text: messageOf(error) });

  const extend = useMutation({
    mutationFn: (by: Extension) =>
      answered<MaintenanceWindow>(
        api.POST('/api/v1/{org}/maintenance/{id}/extend', { params, body: { by } }),
      ),
    onSuccess: (saved) => {
      const end = Date.parse(saved.current?.end_time ?? saved.end_time);
      say({
        tone: 'ok',
        text: t.maintenance.extended(formatClock(end, t.language, { timeZone: saved.timezone })),
      });
    },
    onError,
    onSettled: readAgain,
  });
  const end = useMutation({
    mutationFn: () => answered<MaintenanceWindow>(api.POST('/api/v1/{org}/maintenance/{id}/end', { params })),
    onSuccess: () => say({ tone: 'ok', text: t.maintenance.ended(window.reason) }),
    onError,
    onSettled: readAgain,
  });
  const remove = useMutation({
    mutationFn: () => answered(api.DELETE('/api/v1/{org}/maintenance/{id}', { params })),
    onSuccess: () => {
      say({ tone: 'ok', text: t.maintenance.deleted(window.reason) });
      go(paths.maintenance({ org }));
      queryClient.removeQueries({ queryKey: keys.of(org, 'maintenance', 'one', window.slug) });
      void queryClient.invalidateQueries({ queryKey: keys.of(org, 'maintenance', 'list') });
      void queryClient.invalidateQueries({ queryKey: keys.of(org, 'maintenance', 'running') });
      void queryClient.invalidateQueries({ queryKey: keys.of(org, 'maintenance', 'calendar') });
    },
    onError,
  });
  return { extend, end, remove };
}
