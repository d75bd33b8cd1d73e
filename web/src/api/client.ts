import { createClient } from '@watchkeeper/client';
import { base } from '../base';
import { noteServerDate } from '../lib/clock';
import { fetchFirst } from './first-answers';

/** The one way to the server: same origin, the session cookie speaks. */
export const api = createClient(location.origin + base, {
  fetch: fetchFirst,
  middleware: [
    {
      onResponse({ response }) {
        noteServerDate(response.headers.get('date'), Date.now());
      },
    },
  ],
});
