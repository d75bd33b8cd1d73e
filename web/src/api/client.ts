import { createClient } from '@watchkeeper/client';
import { noteServerDate } from '../lib/clock';
import { fetchFirst } from './first-answers';

/** The one way to the server: same origin, the session cookie speaks. */
export const api = createClient(location.origin, {
  fetch: fetchFirst,
  middleware: [
    {
      onResponse({ response }) {
        noteServerDate(response.headers.get('date'), Date.now());
      },
    },
  ],
});
