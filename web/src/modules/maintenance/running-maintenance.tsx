import { useQuery } from '@tanstack/react-query';
import { AppLink } from '../../app/link';
import { useOrg } from '../../app/session';
import { t } from '../../messages';
import { paths } from '../../paths';
import { buttonClass } from '../../ui/button';
import { Ago } from '../../ui/moment';
import { Notice } from '../../ui/notice';
import { covers, type Place } from './covers';
import { everything, placeWords } from './place-words';
import { runningQuery } from './queries';
import { useSiteNames } from './use-site-names';

/** The running windows that concern this place; empty without any. */
export function RunningMaintenance(place: Place) {
  const { org } = useOrg();
  const names = useSiteNames();
  const running = useQuery(runningQuery(org));
  const here = (running.data?.data ?? []).filter((window) => covers(window, place));
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
