import type { Permission } from '@watchkeeper/contracts';
import { requirePermission, type Scope } from '#modules/identity';
import { invalidField } from '#platform/errors';
import type { House } from '#platform/module';

/** The topics of one stream. */
export interface Heard {
  readonly topics: ReadonlySet<string>;
  /** All permissions that its topics need. When one is lost, the stream ends. */
  readonly permissions: readonly Permission[];
}

/**
 * The topics that a caller receives: those that it names, else all that it may read.
 * @throws validation_failed: no module has this topic; forbidden: it needs more rights
 */
export type ChooseTopics = (scope: Scope, named: string | undefined) => Heard;

/** @throws at once, when two modules declare the same topic */
export function topicsOf(house: House): ChooseTopics {
  const declared = new Map<string, Permission>();
  for (const { live = [] } of house)
    for (const { topic, permission } of live) {
      if (declared.has(topic)) throw new Error(`Two modules declare the live topic "${topic}".`);
      declared.set(topic, permission);
    }

  return (scope, named) => {
    const topics =
      named === undefined
        ? [...declared.keys()].filter((topic) => scope.permissions.has(permissionOf(topic)))
        : named.split(',').map((topic) => topic.trim());
    const permissions = new Set(topics.map(permissionOf));
    for (const permission of permissions) requirePermission(scope, permission);
    return { topics: new Set(topics), permissions: [...permissions] };
  };

  function permissionOf(topic: string): Permission {
    const permission = declared.get(topic);
    if (permission !== undefined) return permission;
    const choices = [...declared.keys()].sort().join(', ');
    throw invalidField('topics', `there is no topic "${topic}"; choose from: ${choices}`);
  }
}
