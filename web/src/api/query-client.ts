import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError, isUnauthenticated } from './problem';

const retriesMax = 2;
/** Data younger than this is shown without asking again when a screen is entered. */
const staleMs = 5_000;

/** Only what may pass by itself is tried again: no answer, or a server that says "later". */
export function shouldRetry(failures: number, error: unknown): boolean {
  if (failures >= retriesMax || !(error instanceof ApiError)) return false;
  return error.status === 0 || error.status === 502 || error.status === 503 || error.status === 504;
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
      queries: { staleTime: staleMs, retry: shouldRetry, networkMode: 'always' },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}
