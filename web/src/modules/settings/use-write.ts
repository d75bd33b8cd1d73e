import { useMutation, useQueryClient } from '@tanstack/react-query';
import { keys, type Resource } from '../../api/keys';
import { type Change, showMeanwhile } from '../../api/meanwhile';
import { messageOf } from '../../api/problem';
import { useOrg } from '../../app/session';
import { useToast } from '../../app/toast';

interface Write<V, R> {
  write: (input: V) => Promise<R>;
  /** What is shown of it before the server has answered. */
  shows?: (input: V) => readonly Change[];
  /** Read again afterwards, whether it worked or not. */
  reads: readonly Resource[];
  onDone?: (result: R, input: V) => void;
  /** Said with the reason. Left out where a form shows the error itself. */
  failed?: (input: V) => string;
}

/** A write of the settings: what it touches is read again, and a failure says what did not happen. */
export function useWrite<V, R>({ write, shows, reads, onDone, failed }: Write<V, R>) {
  const { org } = useOrg();
  const say = useToast();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: write,
    onMutate: (input) => showMeanwhile(queryClient, shows?.(input) ?? []),
    onSuccess: (result, input, shown) => {
      shown?.keep();
      onDone?.(result, input);
    },
    onError: (error, input, shown) => {
      shown?.undo();
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
