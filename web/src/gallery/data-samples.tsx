import { secondMs } from '../lib/time';
import { Panel } from '../ui/card';
import { Chart } from '../ui/chart';
import { DownloadCsv } from '../ui/download';
import { Facts } from '../ui/facts';
import { Figures } from '../ui/figures';
import { Log } from '../ui/log';
import { Ago, Lasting } from '../ui/moment';
import { RunBars } from '../ui/run-bars';
import { StackedChart } from '../ui/stacked-chart';
import { Table } from '../ui/table';
import { Timeline, type TimelineItem } from '../ui/timeline';
import { VirtualList } from '../ui/virtual-list';
import { Sample } from './sample';

const openedAt = '2026-11-21T18:39:04Z';
const from = Date.parse(openedAt) / secondMs;
const times = Array.from({ length: 120 }, (_, index) => from + index * 30);
const values = times.map((_, index) => (index > 60 && index < 70 ? null : 40 + 20 * Math.sin(index / 8)));

const minutesOf: [number, TimelineItem['status']][] = [
  [10, null],
  [30, 'online'],
  [8, 'offline'],
  [12, 'degraded'],
];
let timelineEnd = 0;
const timelineItems: TimelineItem[] = minutesOf.map(([minutes, status]) => {
  const begin = timelineEnd;
  timelineEnd += minutes;
  return { from: begin, to: timelineEnd, status, label: `${status ?? 'Not recorded'}, ${minutes} min` };
});
const manyNumbers = Array.from({ length: 40 }, (_, index) => index + 1);

export function DataSamples() {
  return (
    <>
      <Sample title="Panels, figures, facts">
        <div className="grid gap-4 sm:grid-cols-2">
          <Panel title="The values">
            <Figures
              items={[
                { label: 'Silent for', value: '3 min 10 s' },
                { label: 'Limit', value: '2 min' },
              ]}
            />
          </Panel>
          <Panel title="About">
            <Facts
              facts={[
                { label: 'Rule', value: 'Device offline' },
                { label: 'Opened', value: <Ago at={openedAt} language="en" /> },
                { label: 'Open for', value: <Lasting at={openedAt} language="en" /> },
              ]}
            />
          </Panel>
        </div>
      </Sample>
      <Sample title="Log">
        <Log
          entries={[
            { id: '1', time: '18:42', tone: 'problem', text: 'Bay 4 PC went silent', note: 'Opened' },
            { id: '2', time: '18:31', tone: 'maintenance', text: 'Maintenance began', note: 'by Mike' },
            { id: '3', time: '18:05', tone: 'ok', text: 'The network recovered after 4 min' },
          ]}
        />
      </Sample>
      <Sample title="Chart">
        <Chart
          times={times}
          values={values}
          unit="%"
          language="en"
          from={from}
          to={from + 3_600}
          summary="CPU: 120 points, from 20 % to 60 %."
        />
      </Sample>
      <Sample title="Chart with a limit, a shaded time and zoom">
        <Chart
          times={times}
          values={values}
          unit="%"
          language="en"
          timeZone="America/Halifax"
          from={from}
          to={from + 3_600}
          threshold={{ value: 55, label: 'Limit 55 %' }}
          spans={[{ from: from + 300, to: from + 780, tone: 'problem' }]}
          onZoom={() => undefined}
          summary="CPU: 120 points, from 20 % to 60 %; the limit is 55 %."
        />
      </Sample>
      <Sample title="Chart with a limit that moves, and what is usual">
        <Chart
          times={times}
          values={values}
          unit=""
          language="en"
          from={from}
          to={from + 3_600}
          threshold={{
            value: 54,
            label: 'Limit 54',
            values: times.map((_, index) => (index < times.length / 2 ? 36 : 54)),
          }}
          beside={{
            values: times.map((_, index) => (index < times.length / 2 ? 12 : 18)),
            label: 'Usual (median)',
          }}
          spans={[{ from: from + 1_200, to: from + 2_000, tone: 'unknown' }]}
          summary="Refunds: 120 points; the limit is 36, later 54."
        />
      </Sample>
      <Sample title="What a time is made of">
        <StackedChart
          times={times}
          layers={[
            { id: 'connect', label: 'Connection', values: values.map((value) => value && value / 6) },
            { id: 'wait', label: 'Waiting', values },
            { id: 'rest', label: 'The rest', values: values.map((value) => value && 4) },
          ]}
          unit="ms"
          language="en"
          from={from}
          to={from + 3_600}
          summary="120 runs by phase, stacked."
        />
      </Sample>
      <Sample title="Runs over time: some failed, some could not be made, none">
        <RunBars
          bars={manyNumbers.map((number) => ({
            id: String(number),
            ok: number > 30 ? 0 : 9,
            failed: number % 11 === 0 ? 3 : 0,
            unable: number > 30 && number < 34 ? 2 : 0,
            label: `Hour ${number}`,
          }))}
          summary="93 % of the runs passed."
          start="18:39"
          end="19:39"
        />
      </Sample>
      <Sample title="Timeline, with a time that nobody recorded">
        <Timeline
          items={timelineItems}
          summary="State over 1 h: not recorded 10 min, online 30 min, offline 8 min, degraded 12 min."
          start="18:39"
          end="19:39"
          legend={[
            { status: 'online', label: 'Online, 30 min' },
            { status: 'offline', label: 'Offline, 8 min' },
            { status: 'degraded', label: 'Degraded, 12 min' },
          ]}
        />
      </Sample>
      <Sample title="Table and file">
        <div className="grid gap-2">
          <Table
            caption="CPU"
            columns={[
              { key: 'time', label: 'Time' },
              { key: 'value', label: 'CPU', numeric: true },
            ]}
            rows={[
              { id: '1', cells: ['18:39:04', '41 %'] },
              { id: '2', cells: ['18:38:34', '39.5 %'] },
            ]}
          />
          <div>
            <DownloadCsv label="CSV" describe="CPU" fileName="cpu.csv" text={() => 'Time,CPU'} />
          </div>
        </div>
      </Sample>
      <Sample title="A list that draws only what is seen">
        <VirtualList label="Numbers" items={manyNumbers} keyOf={String} rowHeight={36}>
          {(number) => <div className="px-3 py-2">{number}</div>}
        </VirtualList>
      </Sample>
    </>
  );
}
