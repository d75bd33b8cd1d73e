import { deviceStatuses } from '@watchkeeper/contracts/vocabulary';
import { type ReactNode, useState } from 'react';
import { readTheme, setTheme, type Theme, themes } from '../lib/theme';
import { t } from '../messages';
import { BrandMark } from '../ui/brand';
import { Choice } from '../ui/field';
import { Badge, Mark, State } from '../ui/mark';
import { DeviceStrip, ShareBar } from '../ui/status-bar';
import { type Tone, toneOfDevice } from '../ui/tone';
import { ControlSamples } from './control-samples';
import { DataSamples } from './data-samples';
import { FormSamples } from './form-samples';
import { GuideSamples } from './guide-samples';
import { Sample } from './sample';
import { StateSamples } from './state-samples';

const tones: readonly Tone[] = ['ok', 'attention', 'problem', 'maintenance', 'unknown'];
const manyDevices = 24;

/** Every part of `ui/` in every state, without router or API. Development builds only. */
export function GalleryPage() {
  const [theme, choose] = useState<Theme>(readTheme);
  return (
    <main className="mx-auto max-w-5xl px-4 py-8 sm:px-8">
      <header className="mb-8 flex flex-wrap items-center justify-between gap-4">
        <h1 className="flex items-center gap-2 text-4 font-semibold">
          <BrandMark /> Components
        </h1>
        <Choice
          label="Theme"
          hideLabel
          options={themes.map((value) => ({ value, label: t.theme[value] }))}
          value={theme}
          onChange={(value) => {
            setTheme(value);
            choose(value);
          }}
        />
      </header>
      <div className="grid gap-8">
        <Meaning />
        <ControlSamples />
        <FormSamples />
        <StateSamples />
        <DataSamples />
        <GuideSamples />
      </div>
    </main>
  );
}

function Row({ children }: { children: ReactNode }) {
  return <div className="flex flex-wrap items-center gap-4">{children}</div>;
}

function Meaning() {
  const strip = Array.from({ length: manyDevices }, (_, index) => {
    const status = deviceStatuses[index % 9] ?? 'online';
    return {
      id: String(index),
      name: `Device ${index + 1}`,
      status,
      label: `Device ${index + 1}: ${status}`,
    };
  });
  return (
    <>
      <Sample title="Marks, states, badges">
        <Row>
          {tones.map((tone) => (
            <Mark key={tone} tone={tone} size={14} />
          ))}
        </Row>
        <Row>
          {deviceStatuses.map((status) => (
            <State key={status} tone={toneOfDevice(status)}>
              {t.deviceStatus[status]}
            </State>
          ))}
        </Row>
        <Row>
          {tones.map((tone) => (
            <Badge key={tone} tone={tone}>
              {tone}
            </Badge>
          ))}
        </Row>
      </Sample>
      <Sample title="Device strip and shares">
        <DeviceStrip items={strip} label="Devices" />
        <ShareBar
          shares={[
            { status: 'offline', count: 3 },
            { status: 'degraded', count: 9 },
            { status: 'unknown', count: 40 },
            { status: 'online', count: 948 },
          ]}
        />
      </Sample>
    </>
  );
}
