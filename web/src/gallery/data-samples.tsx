import { secondMs } from '../lib/time';
import { Panel } from '../ui/card';
import { Chart } from '../ui/chart';
import { Facts } from '../ui/facts';
import { Figures } from '../ui/figures';
import { Log } from '../ui/log';
import { Ago, Lasting } from '../ui/moment';
import { Sample } from './sample';

const openedAt = '2026-11-21T18:39:04Z';
const from = Date.parse(openedAt) / secondMs;
const times = Array.from({ length: 120 }, (_, index) => from + index * 30);
const values = times.map((_, index) => (index > 60 && index < 70 ? null : 40 + 20 * Math.sin(index / 8)));

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
    </>
  );
}
