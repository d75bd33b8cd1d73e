import { useQuery } from '@tanstack/react-query';
import { copyWords } from '../../app/copy-words';
import { AppLink } from '../../app/link';
import { useOrg } from '../../app/session';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Answer } from '../../ui/answer';
import { Button, buttonClass } from '../../ui/button';
import { Panel } from '../../ui/card';
import { CopyBlock } from '../../ui/copy';
import { Mark } from '../../ui/mark';
import { Ago } from '../../ui/moment';
import { Spinner } from '../../ui/spinner';
import { stateQuery } from '../telemetry/queries';
import type { CreatedDevice } from './created-device';
import { Handout } from './handout-panel';

/** The stream announces the first heartbeat; this finds it also where the stream cannot. */
const waitPollMs = 2_000;

/** The token, the line that uses it, and the moment it works. */
export function DeviceAdded({ device, onAnother }: { device: CreatedDevice; onAnother: () => void }) {
  const { org } = useOrg();
  return (
    <div className="max-w-3xl">
      <Answer sub={t.device.tokenText}>{t.device.addedTitle(device.name)}</Answer>
      <div className="mt-6 grid gap-4">
        <Panel title={t.device.tokenTitle}>
          <CopyBlock text={device.token} words={copyWords()} />
        </Panel>
        <Panel title={t.handout.title}>
          <Handout
            url={device.heartbeat.url}
            token={device.token}
            device={device.slug}
            org={org}
            site={device.site}
          />
        </Panel>
        <FirstHeartbeat device={device} />
        <div className="flex flex-wrap gap-2">
          <AppLink to={paths.device({ org, device: device.slug })} className={buttonClass('primary')}>
            {t.device.openDevice}
          </AppLink>
          <Button onClick={onAnother}>{t.device.addAnother}</Button>
        </div>
      </div>
    </div>
  );
}

function FirstHeartbeat({ device }: { device: CreatedDevice }) {
  const { org } = useOrg();
  const { data } = useQuery({ ...stateQuery(org, device.slug), refetchInterval: waitPollMs });
  const seen = data?.last_seen_at ?? null;
  return (
    <div
      role="status"
      className="flex min-h-18 items-center gap-3.5 rounded-3 border border-line bg-surface px-4 py-4 shadow-card sm:px-6"
    >
      {seen === null ? (
        <span className="text-ink-3">
          <Spinner />
        </span>
      ) : (
        <Mark tone="ok" size={14} />
      )}
      <div>
        <p className="font-semibold">{seen === null ? t.device.waiting : t.device.arrived}</p>
        <p className="text-ink-2">
          {seen === null ? (
            t.device.waitingText
          ) : (
            // The age would be announced anew each second.
            <span aria-hidden="true">
              <Ago at={seen} language={t.language}>
                {t.device.arrivedText}
              </Ago>
            </span>
          )}
        </p>
      </div>
    </div>
  );
}
