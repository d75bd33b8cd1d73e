import { useQuery } from '@tanstack/react-query';
import type { MaintenanceWindow } from '@watchkeeper/contracts/maintenance';
import { AppLink } from '../../app/link';
import { useOrg } from '../../app/session';
import { t } from '../../messages';
import { paths } from '../../paths';
import { buttonClass } from '../../ui/button';
import { Ago } from '../../ui/moment';
import { Notice } from '../../ui/notice';
import { everything, placeWords } from './place-words';
import { runningQuery } from './queries';
import { useSiteNames } from './use-site-names';

/** Where somebody looks: nowhere in particular, a site, or one thing there. */
export interface Place {
  site?: string | undefined;
  device?: string | null | undefined;
  area?: string | null | undefined;
  type?: string | null | undefined;
}

/** Whether a window has to do with a place. */
export function concerns({ location, systems }: MaintenanceWindow, place: Place): boolean {
  if (place.site === undefined) return true;
  if (location !== everything && location !== place.site) return false;
  if (place.device === undefined || place.device === null || systems.includes(everything)) return true;
  const { device, area, type } = place;
  return systems.some(
    (system) =>
      system === device ||
      system === `device:${device}` ||
      (typeof area === 'string' && (system === area || system === `area:${area}`)) ||
      (typeof type === 'string' && system === `type:${type}`),
  );
}

/** What runs right now and has to do with this place; nothing where nothing runs. */
export function RunningMaintenance(place: Place) {
  const { org } = useOrg();
  const names = useSiteNames();
  const running = useQuery(runningQuery(org));
  const here = (running.data?.data ?? []).filter((window) => concerns(window, place));
  if (here.length === 0) return null;
  return (
    <ul aria-label={t.runningWork.title} className="mt-5 grid gap-2">
      {here.map((window) => (
        <li key={window.id}>
          <Notice
            tone="maintenance"
            title={
              window.location === everything
                ? t.runningWork.all(window.reason)
                : t.runningWork.at(window.reason, placeWords(window.location, names))
            }
            action={
              <AppLink
                to={paths.maintenanceWindow({ org, window: window.slug })}
                className={buttonClass()}
                aria-label={`${t.action.open}: ${window.reason}`}
              >
                {t.action.open}
              </AppLink>
            }
          >
            {window.suppress_alerts ? t.runningWork.muted : t.runningWork.told}{' '}
            {window.current === null ? null : (
              <Ago at={window.current.end_time} language={t.language}>
                {t.runningWork.until}
              </Ago>
            )}
          </Notice>
        </li>
      ))}
    </ul>
  );
}
