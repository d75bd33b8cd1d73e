import type { DeviceStatus } from '@watchkeeper/contracts';
import { Mark } from './mark';
import { toneOfDevice } from './tone';

export interface StripItem {
  id: string;
  name: string;
  status: DeviceStatus;
  /** The text for screen readers and for the title: name and status. */
  label: string;
}

const cellTone = {
  ok: 'bg-sunken',
  attention: 'bg-attention-soft ring-1 ring-attention ring-inset',
  problem: 'bg-problem-soft ring-[1.5px] ring-problem ring-inset',
  maintenance: 'bg-maintenance-soft',
  unknown: 'ring-1 ring-line-2 ring-inset',
} as const;

/** One cell per device, in the order given; the shape tells the state, the title tells the rest. */
export function DeviceStrip({ items, label }: { items: readonly StripItem[]; label: string }) {
  return (
    <ul aria-label={label} className="grid grid-cols-[repeat(auto-fill,minmax(26px,1fr))] gap-1">
      {items.map((item) => (
        <li
          key={item.id}
          title={item.label}
          className={`grid h-7 place-items-center rounded-1 ${cellTone[toneOfDevice(item.status)]}`}
        >
          <Mark tone={toneOfDevice(item.status)} size={item.status === 'online' ? 7 : 10} />
          <span className="sr-only">{item.label}</span>
        </li>
      ))}
    </ul>
  );
}

export interface Share {
  status: DeviceStatus;
  count: number;
}

const barTone = {
  ok: 'bg-ok',
  attention: 'bg-attention',
  problem: 'bg-problem',
  maintenance: 'bg-maintenance',
  unknown: 'bg-line-2',
} as const;

/** For sites with more devices than cells fit: shares of the whole. The counts stand beside it in words. */
export function ShareBar({ shares }: { shares: readonly Share[] }) {
  return (
    <div aria-hidden="true" className="flex h-2.5 gap-0.5 overflow-hidden rounded-1 bg-sunken">
      {shares
        .filter((share) => share.count > 0)
        .map((share) => (
          <div
            key={share.status}
            className={`min-w-1.5 rounded-[2px] ${barTone[toneOfDevice(share.status)]}`}
            style={{ flexGrow: share.count, flexBasis: 0 }}
          />
        ))}
    </div>
  );
}
