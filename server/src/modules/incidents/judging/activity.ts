import type { ActivityFact } from '../verdict/facts.ts';

/** Which events of the business show people, by words in their type. The first that fits counts. */
const signs: readonly (readonly [RegExp, ActivityFact['kind']])[] = [
  [/door|gate|access|entry/, 'door_opened'],
  [/sale|refund|session|booking|check_?in|login|upload|visit|order/, 'customer'],
  [/play|swing|shot|print|scan|in_use|used/, 'device_used'],
];

/** undefined: events of this type happen without people. */
export function activityOf(type: string): ActivityFact['kind'] | undefined {
  return signs.find(([words]) => words.test(type))?.[1];
}
