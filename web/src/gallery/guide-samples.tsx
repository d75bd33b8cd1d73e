import { useState } from 'react';
import { Button } from '../ui/button';
import { Mark } from '../ui/mark';
import { Ago } from '../ui/moment';
import { Palette, type PaletteGroup } from '../ui/palette';
import { type Step, Steps } from '../ui/steps';
import { TimeHint, TimeStandsAlone } from '../ui/time-hint';
import { Sample } from './sample';

const step = (id: string, title: string, parts: Partial<Step> = {}): Step => ({
  id,
  title,
  text: 'What there is to do, in one sentence.',
  done: false,
  action: <Button variant="primary">{title}</Button>,
  ...parts,
});

const begun = [
  step('site', 'Add a site', { done: true }),
  step('device', 'Add a device'),
  step('heartbeat', 'Send its first heartbeat'),
];
const waiting = [
  step('site', 'Add a site', { done: true }),
  step('device', 'Add a device', { done: true }),
  step('heartbeat', 'Listening for the first heartbeat', { waiting: true, action: undefined }),
];
const finished = waiting.map((each) => ({ ...each, done: true, waiting: false }));
const openedAt = '2026-11-21T18:39:04Z';

export function GuideSamples() {
  return (
    <>
      <Sample title="Steps: begun, waiting, done">
        <div className="grid gap-8 sm:grid-cols-3">
          <Steps steps={begun} doneLabel="done" nextLabel="next" />
          <Steps steps={waiting} doneLabel="done" nextLabel="next" />
          <Steps steps={finished} doneLabel="done" nextLabel="next" />
        </div>
      </Sample>
      <Sample title="Exact time of what has the focus">
        <p className="text-ink-2">
          <TimeStandsAlone value={true}>
            <Ago at={openedAt} language="en">
              {(age) => `Reached with Tab: opened ${age}`}
            </Ago>
          </TimeStandsAlone>
        </p>
        <TimeHint />
      </Sample>
      <PaletteSample />
    </>
  );
}

function PaletteSample() {
  const [shown, setShown] = useState<'full' | 'none'>();
  const [text, setText] = useState('');
  const close = () => setShown(undefined);
  const groups: PaletteGroup[] = [
    {
      id: 'found',
      label: 'Found',
      options: [
        {
          id: 'a',
          label: 'Bay 4 PC',
          note: 'Device · Dartmouth · Offline',
          mark: <Mark tone="problem" />,
          run: close,
        },
        { id: 'b', label: 'Bay 4', note: 'Area · Dartmouth', run: close },
      ],
    },
    { id: 'pages', label: 'Go to', options: [{ id: 'c', label: 'Alerts', keys: 'g a', run: close }] },
  ];
  return (
    <Sample title="Palette">
      <div className="flex gap-2">
        <Button onClick={() => setShown('full')}>With results</Button>
        <Button onClick={() => setShown('none')}>With none</Button>
      </div>
      {shown === undefined ? null : (
        <Palette
          groups={shown === 'full' ? groups : []}
          pending={false}
          text={text}
          onText={setText}
          onClose={close}
          status={shown === 'full' ? '3 results' : 'No name contains these words.'}
          label="Search and commands"
          placeholder="Search or type a command"
          resultsLabel="Results"
        />
      )}
    </Sample>
  );
}
