import { useState } from 'react';
import { copyWords } from '../../app/copy-words';
import { LocalNote } from '../../app/local-note';
import { reachable } from '../../lib/reachable';
import { t } from '../../messages';
import { CopyBlock } from '../../ui/copy';
import { SelectField } from '../../ui/field';
import type { Heartbeat } from './curl';
import { handoutFor, type Machine, machines } from './handout';

/** What is pasted on the device, so that its heartbeats come and keep coming: for its kind of machine, in one block. */
export function Handout(heartbeat: Heartbeat) {
  const [machine, setMachine] = useState<Machine>(likelyMachine);
  const url = reachable(heartbeat.url);
  return (
    <div className="grid gap-3">
      <div className="max-w-sm">
        <SelectField
          label={t.handout.machine}
          value={machine}
          onChange={(event) => setMachine(machineOf(event.currentTarget.value))}
        >
          {machines.map((each) => (
            <option key={each} value={each}>
              {t.handout.machines[each]}
            </option>
          ))}
        </SelectField>
      </div>
      <p className="text-ink-2">{t.handout.how[machine]}</p>
      <LocalNote url={url} />
      <CopyBlock text={handoutFor(machine, { ...heartbeat, url })} words={copyWords()} tall />
    </div>
  );
}

/** Who adds a device sits at it more often than not. */
function likelyMachine(): Machine {
  if (navigator.userAgent.includes('Windows')) return 'windows';
  return navigator.userAgent.includes('Mac') ? 'cron' : 'systemd';
}

function machineOf(value: string): Machine {
  return machines.find((each) => each === value) ?? 'once';
}
