import { acceptAnyCase, acceptCamelCase } from '#platform/http/spelling';

/** Accepts the spellings of senders: both forms of names, and our fixed words in any case. */
export const acceptPostedAlert = [acceptCamelCase, acceptAnyCase(['type', 'severity'])];
