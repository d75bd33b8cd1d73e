import { useState } from 'react';
import { copyWords } from '../../app/copy-words';
import { LocalNote } from '../../app/local-note';
import { reachable } from '../../lib/reachable';
import { t } from '../../messages';
import { CopyBlock } from '../../ui/copy';
import { SelectField } from '../../ui/field';
import type { Heartbeat } from './curl';
import { handoutFor, type Machine, machines } from './handout';

/** The block to paste on the device, so that it keeps sending heartbeats, for its kind of machine. */
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

/** People who add a device are mostly sitting at it. */
function likelyMachine(): Machine {
  if (navigator.userAgent.includes('Windows')) return 'windows';
  return navigator.userAgent.includes('Mac') ? 'cron' : 'systemd';
}

function machineOf(value: string): Machine {
  return machines.find((each) => each === value) ?? 'once';
}
