import { Heartbeat, Measure, MetricName, metricsPerHeartbeatMax } from '@watchkeeper/contracts/telemetry';
import type { TSchema } from 'typebox';
import type { App } from '#platform/http/app';
import { createItemCheck, type ItemError } from '../items.ts';

/** An accepted heartbeat, and the ignored fields, in words for its sender. */
export interface ReadHeartbeat {
  readonly value: Heartbeat;
  readonly warnings: readonly string[];
}

/** How a heartbeat came here: as a body, as one of many, or over another protocol. */
export interface HeartbeatReader {
  read(item: unknown): ReadHeartbeat | { readonly error: ItemError };
}

/** Further ones are summed up in one line. */
const warningsMax = 10;
const nameShownMax = 64;
const none: readonly string[] = [];
const required: ReadonlySet<string> = new Set(Heartbeat.required);

/**
 * A heartbeat is a sign of life: the sender and the status are required, but a bad reading is no reason
 * to call the device silent. Invalid and unknown fields are ignored and named. A valid heartbeat costs only
 * one check.
 */
export function createHeartbeatReader(app: App, context = 'item'): HeartbeatReader {
  const check = createItemCheck(app, Heartbeat, context);
  const checks = new Map(
    Object.entries(Heartbeat.properties as Record<string, TSchema>)
      .filter(([name]) => !required.has(name))
      .map(([name, schema]) => [name, createItemCheck(app, schema)]),
  );
  const isName = createItemCheck(app, MetricName);
  const isMeasure = createItemCheck(app, Measure);

  function mend(item: object): { value: object; warnings: readonly string[] } {
    const kept: Record<string, unknown> = {};
    const said = createWarnings();
    for (const [name, value] of Object.entries(item)) {
      const own = checks.get(name);
      if (required.has(name)) kept[name] = value;
      else if (own === undefined) said.add(name, 'is not a known field');
      else if (name === 'metrics' && isPlain(value)) kept[name] = mendMetrics(value, said);
      else {
        const checked = own(value);
        if ('value' in checked) kept[name] = value;
        else said.add(name, reasonOf(checked.error));
      }
    }
    return { value: kept, warnings: said.list() };
  }

  function mendMetrics(metrics: object, said: Warnings): Record<string, unknown> {
    const kept: Record<string, unknown> = {};
    let count = 0;
    for (const [name, value] of Object.entries(metrics)) {
      const [named, measured] = [isName(name), isMeasure(value)];
      if ('error' in named)
        said.add(`metrics.${name}`, 'has a name that is not a letter and then letters, digits or _.:/-');
      else if ('error' in measured) said.add(`metrics.${name}`, reasonOf(measured.error));
      else if (count === metricsPerHeartbeatMax)
        said.add(`metrics.${name}`, `is more than the ${metricsPerHeartbeatMax} that one heartbeat holds`);
      else {
        kept[name] = value;
        count += 1;
      }
    }
    return kept;
  }

  return {
    read(item) {
      const checked = check(item);
      if ('value' in checked) return { value: checked.value, warnings: none };
      if (!isPlain(item)) return checked;
      const mended = mend(item);
      const again = check(mended.value);
      return 'value' in again ? { value: again.value, warnings: mended.warnings } : again;
    },
  };
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function reasonOf({ errors, message }: ItemError): string {
  return errors?.[0]?.message ?? message;
}

interface Warnings {
  add(name: string, reason: string): void;
  list(): readonly string[];
}

function createWarnings(): Warnings {
  const lines: string[] = [];
  let more = 0;
  return {
    add(name, reason) {
      if (lines.length === warningsMax) more += 1;
      else lines.push(`${shown(name)} ${reason}; it was left out.`);
    },
    list: () => (more === 0 ? lines : [...lines, `${more} more fields were left out.`]),
  };
}

function shown(name: string): string {
  return name.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, nameShownMax);
}
