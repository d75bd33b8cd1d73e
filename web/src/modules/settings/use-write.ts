import { useMutation, useQueryClient } from '@tanstack/react-query';
import { keys, type Resource } from '../../api/keys';
import { messageOf } from '../../api/problem';
import { useOrg } from '../../app/session';
import { useToast } from '../../app/toast';

interface Write<V, R> {
  write: (input: V) => Promise<R>;
  /** Read again afterwards, whether it worked or not. */
  reads: readonly Resource[];
  onDone?: (result: R, input: V) => void;
  /** Said with the reason. Left out where a form shows the error itself. */
  failed?: (input: V) => string;
}

/** A write of the settings: what it touches is read again, and a failure says what did not happen. */
export function useWrite<V, R>({ write, reads, onDone, failed }: Write<V, R>) {
  const { org } = useOrg();
  const say = useToast();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: write,
    onSuccess: (result, input) => onDone?.(result, input),
    onError: (error, input) => {
      if (failed !== undefined) say({ tone: 'problem', text: `${failed(input)} ${messageOf(error)}` });
    },
    onSettled: () =>
      Promise.all(
        [...reads, 'audit' as const].map((resource) =>
          queryClient.invalidateQueries({ queryKey: keys.of(org, resource) }),
        ),
      ),
  });
}
