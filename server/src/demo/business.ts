import { type DemoDevice, demoDevices, demoSites } from './places.ts';
import { calm, roundSeconds, type Weather } from './story.ts';

export interface DemoEvent {
  id: string;
  type: string;
  outcome: 'success' | 'failure';
  site: string;
  device: string;
  amount?: number;
  currency?: string;
  occurred_at: string;
}

const historyHours = 72;
const hourMs = 3_600_000;

/** Three days of normal sales, so that a rule such as "three times the usual" has data to compare with. */
export function* pastTrade(now: Date, random: () => number): Generator<DemoEvent> {
  for (const site of demoSites) {
    const till = `${site.slug}-till-1`;
    for (let hour = historyHours; hour >= 1; hour -= 1) {
      const at = new Date(Math.floor(now.getTime() / hourMs) * hourMs - hour * hourMs);
      const local = Number(
        new Intl.DateTimeFormat('en', { hour: 'numeric', hour12: false, timeZone: site.timezone }).format(at),
      );
      if (local < 9 || local >= 22) continue;
      yield* pastEntries(site.slug, at, random);
      for (const [type, count] of [
        ['sale', 4],
        ['refund', 1],
        ['receipt.reprint', 1],
      ] as const) {
        for (let index = 0; index < count; index += 1) {
          yield trade(
            type,
            site.slug,
            till,
            site.currency,
            new Date(at.getTime() + random() * hourMs),
            `past-${type}-${site.slug}-${at.getTime()}-${index}`,
            random,
          );
        }
      }
    }
  }
}

const entriesPerHour = 12;

/** A normal hour at the gates of a site: nearly everybody is let in. */
function* pastEntries(site: string, hour: Date, random: () => number): Generator<DemoEvent> {
  for (const gate of demoDevices.filter((device) => device.site === site && device.role === 'gate')) {
    for (let index = 0; index < entriesPerHour; index += 1) {
      yield {
        id: `past-entry-${gate.slug}-${hour.getTime()}-${index}`,
        type: 'gate.redemption',
        outcome: random() < calm.gateFailureShare ? 'failure' : 'success',
        site,
        device: gate.slug,
        occurred_at: new Date(hour.getTime() + random() * hourMs).toISOString(),
      };
    }
  }
}

/** The events of one step of a few seconds: entries at gates, sales, sometimes a refund. */
export function tradeNow(
  now: Date,
  secondsSinceStart: number,
  weatherOf: (device: DemoDevice) => Weather,
  random: () => number,
): DemoEvent[] {
  const events: DemoEvent[] = [];
  for (const device of demoDevices) {
    const currency = demoSites.find((site) => site.slug === device.site)?.currency ?? 'EUR';
    const id = `${device.slug}-${now.getTime()}`;
    if (device.role === 'gate') {
      const failed = random() < weatherOf(device).gateFailureShare;
      events.push({
        id,
        type: 'gate.redemption',
        outcome: failed ? 'failure' : 'success',
        site: device.site,
        device: device.slug,
        occurred_at: now.toISOString(),
      });
    }
    if (device.role === 'till' && random() < 0.2)
      events.push(trade('sale', device.site, device.slug, currency, now, `${id}-sale`, random));
    if (device.slug === 'leeds-till-1' && refundsNow(secondsSinceStart)) {
      events.push(trade('refund', device.site, device.slug, currency, now, `${id}-refund`, random));
    }
  }
  return events;
}

/** In the first minute of each round, the till in Leeds makes refunds much faster than usual. */
function refundsNow(secondsSinceStart: number): boolean {
  return secondsSinceStart % roundSeconds < 60;
}

function trade(
  type: string,
  site: string,
  device: string,
  currency: string,
  at: Date,
  id: string,
  random: () => number,
): DemoEvent {
  const amount = Math.round((15 + random() * 60) * 100) / 100;
  return { id, type, outcome: 'success', site, device, amount, currency, occurred_at: at.toISOString() };
}
