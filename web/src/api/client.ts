import { createClient } from '@watchkeeper/client';
import { noteServerDate } from '../lib/clock';

/** The one way to the server: same origin, the session cookie speaks. */
export const api = createClient(location.origin, {
  middleware: [
    {
      onResponse({ response }) {
        noteServerDate(response.headers.get('date'), Date.now());
      },
    },
  ],
});
