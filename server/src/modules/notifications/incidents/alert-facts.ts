import type { Facts as AlertFacts } from '../alerts/facts.ts';
import { type Facts, onlyAlert, toneOf } from './facts.ts';

/** An incident of one alert as that alert; undefined where it is more, or where the change is no change of an alert. */
export function asAlert(facts: Facts): AlertFacts | undefined {
  const part = onlyAlert(facts);
  const tone = toneOf(facts.transition);
  if (part === undefined || tone === 'changed') return undefined;
  const { status: _status, muted: _muted, ...alert } = part;
  const { at, resolved_at, resolved_by, resolved_reason, action_taken } = facts;
  return {
    ...alert,
    // A person may have given the incident a name.
    title: facts.title,
    transition: tone,
    at,
    ...{ resolved_at, resolved_by, resolved_reason, action_taken },
  };
}
