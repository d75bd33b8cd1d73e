import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError, isUnauthenticated } from './problem';

const retriesMax = 2;
/** A read that failed for a temporary reason is repeated this often while it is on the screen. */
const healMs = 5_000;
/** Data younger than this is shown without asking again when a screen is entered. */
const staleMs = 5_000;

/** Only what may pass by itself is tried again: no answer, or a server that says "later". */
export function shouldRetry(failures: number, error: unknown): boolean {
  return failures < retriesMax && mayPass(error);
}

function mayPass(error: unknown): boolean {
  return error instanceof ApiError && [0, 502, 503, 504].includes(error.status);
}

export function createQueryClient(onSessionEnded: () => void): QueryClient {
  const onError = (error: unknown): void => {
    if (isUnauthenticated(error)) onSessionEnded();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      // `always`: without a network a call fails and says so; the default would wait in silence, and an
      // acknowledgement that only looks done is worse than one that failed.
      queries: {
        staleTime: staleMs,
        retry: shouldRetry,
        networkMode: 'always',
        // A failed read is repeated automatically; nobody has to press a button.
        refetchInterval: ({ state }) => (mayPass(state.error) ? healMs : false),
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}
