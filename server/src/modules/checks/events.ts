import { defineEvent } from '#platform/events';

/** Checks whose status changed. Higher floors decide what that means. At most `judgedIdsMax` per event. */
export const checksJudged = defineEvent<{ checkIds: readonly string[] }>('checks.judged');
export const judgedIdsMax = 500;
