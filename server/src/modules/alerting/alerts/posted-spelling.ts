import { acceptAnyCase, acceptCamelCase } from '#platform/http/spelling';

/** As senders write it: both spellings, words of ours in any case. */
export const acceptPostedAlert = [acceptCamelCase, acceptAnyCase(['type', 'severity'])];
