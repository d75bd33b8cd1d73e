import { useQuery } from '@tanstack/react-query';
import type { MaintenanceWindow } from '@watchkeeper/contracts/maintenance';
import { type ReactNode, useState } from 'react';
import { AppLink } from '../../app/link';
import { usePageTitle } from '../../app/page-title';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { useNow } from '../../lib/clock';
import { dayMs } from '../../lib/time';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Answer } from '../../ui/answer';
import { Button, buttonClass } from '../../ui/button';
import { Panel } from '../../ui/card';
import { Dialog } from '../../ui/dialog';
import { Facts } from '../../ui/facts';
import { State } from '../../ui/mark';
import { Menu, MenuItem } from '../../ui/menu';
import { Ago, Day } from '../../ui/moment';
import { Notice } from '../../ui/notice';
import type { Tone } from '../../ui/tone';
import { MaintenanceCrumb } from './add-window-page';
import { Occurrences } from './occurrences';
import { placeWords } from './place-words';
import { Overlaps } from './preview-panel';
import { calendarQuery, windowQuery } from './queries';
import { ReportsPanel } from './reports-panel';
import { useSiteNames } from './use-site-names';
import { extensions, useWindowActions } from './window-actions';
import { scheduleWords, spanWords, systemsWords } from './window-words';

export function WindowPage({ slug }: { slug: string }) {
  const { org } = useOrg();
  const window = useQuery(windowQuery(org, slug));
  usePageTitle(window.data?.reason ?? t.maintenance.title);
  return <Loaded query={window}>{(data) => <WindowView window={data} />}</Loaded>;
}

function WindowView({ window }: { window: MaintenanceWindow }) {
  return (
    <>
      <Head window={window} />
      {window.calendar_fault === null ? null : (
        <Notice tone="attention" title={t.maintenance.unreadable} className="mt-5">
          {t.maintenance.unreadableText(window.calendar_fault)}
        </Notice>
      )}
      <div className="mt-6 grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_24rem]">
        <div className="grid grid-cols-1 gap-4">
          <Upcoming window={window} />
          <ReportsPanel window={window.id} timeZone={window.timezone} />
        </div>
        <About window={window} />
      </div>
    </>
  );
}

const toneOf: Record<MaintenanceWindow['status'], Tone> = {
  running: 'maintenance',
  scheduled: 'unknown',
  over: 'unknown',
};

function Head({ window }: { window: MaintenanceWindow }) {
  const names = useSiteNames();
  const { status, current, calendar_fault } = window;
  return (
    <Answer
      crumb={<MaintenanceCrumb />}
      above={
        <>
          {calendar_fault === null ? (
            <State tone={toneOf[status]}>{t.maintenance.status[status]}</State>
          ) : null}
          <span>{placeWords(window.location, names)}</span>
          {current === null ? null : (
            <Ago at={status === 'running' ? current.end_time : current.start_time} language={t.language}>
              {status === 'running' ? t.maintenance.ends : t.maintenance.begins}
            </Ago>
          )}
        </>
      }
      sub={window.calendar_fault === null ? scheduleWords(window) : undefined}
      actions={<Buttons window={window} />}
    >
      {sentenceOf(window)}
    </Answer>
  );
}

function sentenceOf({ reason, status, current, timezone, calendar_fault }: MaintenanceWindow): string {
  if (calendar_fault !== null) return t.maintenance.mutesNothing(reason);
  if (status === 'over' || current === null) return t.maintenance.isOver(reason);
  const span = spanWords(current, timezone);
  if (status === 'running') return t.maintenance.runsUntil(reason, span.slice(span.indexOf('–') + 1).trim());
  return t.maintenance.comesAt(reason, span.slice(0, span.indexOf('–')).trim());
}

function Buttons({ window }: { window: MaintenanceWindow }) {
  const { org, can } = useOrg();
  const { extend, end, remove } = useWindowActions(window);
  const [asking, setAsking] = useState<'end' | 'delete'>();
  if (!can('alerts:operate')) return null;
  const isRunning = window.status === 'running';
  return (
    <>
      {isRunning ? (
        <>
          <Menu
            label={t.maintenance.extend}
            trigger={t.maintenance.extend}
            triggerClassName={buttonClass('primary')}
          >
            {extensions.map((by) => (
              <MenuItem key={by} onSelect={() => extend.mutate(by)}>
                {t.maintenance.extendBy[by]}
              </MenuItem>
            ))}
          </Menu>
          <Button busy={end.isPending} onClick={() => setAsking('end')}>
            {t.maintenance.end}
          </Button>
        </>
      ) : null}
      <AppLink to={paths.editMaintenance({ org, window: window.slug })} className={buttonClass()}>
        {t.maintenance.edit}
      </AppLink>
      <Button variant="quiet" busy={remove.isPending} onClick={() => setAsking('delete')}>
        {t.maintenance.delete}
      </Button>
      <Question
        open={asking === 'end'}
        title={t.maintenance.endTitle}
        doLabel={t.maintenance.end}
        onClose={() => setAsking(undefined)}
        onDo={() => end.mutate()}
      >
        {t.maintenance.endText}
      </Question>
      <Question
        open={asking === 'delete'}
        title={t.maintenance.deleteTitle(window.reason)}
        doLabel={t.maintenance.delete}
        onClose={() => setAsking(undefined)}
        onDo={() => remove.mutate()}
      >
        {t.maintenance.deleteText} {isRunning ? t.maintenance.deleteRunning : null}
      </Question>
    </>
  );
}

interface QuestionProps {
  open: boolean;
  title: string;
  doLabel: string;
  onClose: () => void;
  onDo: () => void;
  children: ReactNode;
}

function Question({ open, title, doLabel, onClose, onDo, children }: QuestionProps) {
  return (
    <Dialog open={open} onClose={onClose} title={title} closeLabel={t.action.close}>
      <p className="text-2 text-ink-2">{children}</p>
      <div className="mt-5 flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{t.action.cancel}</Button>
        <Button
          variant="primary"
          onClick={() => {
            onClose();
            onDo();
          }}
        >
          {doLabel}
        </Button>
      </div>
    </Dialog>
  );
}

const upcomingMax = 8;
/** As far ahead as the calendar answers at once. */
const lookAheadMs = 366 * dayMs;

function Upcoming({ window }: { window: MaintenanceWindow }) {
  const { org } = useOrg();
  // The day is enough: the list need not be asked for anew every second.
  const today = Math.floor(useNow() / dayMs) * dayMs;
  const calendar = useQuery(calendarQuery(org, today, today + lookAheadMs));
  const now = useNow();
  if (window.status === 'over') return null;
  return (
    <Panel title={t.maintenance.when}>
      <Loaded query={calendar} loading={<div className="h-40" />}>
        {({ data }) => {
          const next = data
            .filter((each) => each.window_id === window.id && Date.parse(each.end_time) > now)
            .slice(0, upcomingMax);
          return (
            <div className="grid gap-4">
              <Occurrences occurrences={next} timeZone={window.timezone} />
              <Overlaps
                body={{ ...window, recurrence: window.recurrence }}
                occurrences={next}
                self={window.id}
              />
            </div>
          );
        }}
      </Loaded>
    </Panel>
  );
}

function About({ window }: { window: MaintenanceWindow }) {
  const names = useSiteNames();
  return (
    <Panel title={t.maintenance.about}>
      <Facts
        facts={[
          { label: t.maintenance.where, value: placeWords(window.location, names) },
          { label: t.maintenance.covers, value: systemsWords(window) },
          {
            label: t.maintenance.alerts,
            value: window.suppress_alerts ? t.maintenance.muted : t.maintenance.told,
          },
          { label: t.maintenance.timezone, value: window.timezone },
          { label: t.maintenance.autoReply, value: window.auto_reply ?? t.maintenance.noReply },
          ...(window.reference === null ? [] : [{ label: t.maintenance.reference, value: window.reference }]),
          ...(window.requested_by === null
            ? []
            : [{ label: t.maintenance.requestedBy, value: window.requested_by }]),
          {
            label: t.maintenance.createdBy,
            value: (
              <>
                {window.created_by.name}, <Day at={window.created_at} language={t.language} />
              </>
            ),
          },
        ]}
      />
    </Panel>
  );
}
