import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ApplyAnswer } from '@watchkeeper/contracts/manifest';
import { api } from '../../../api/client';
import { keys } from '../../../api/keys';
import { ApiError, answered, messageOf } from '../../../api/problem';
import { useOrg } from '../../../app/session';
import type { FileMistake } from './read-manifest';

/** The reasons for refusing a file: mistakes with their lines. */
export class RefusedFile extends Error {
  readonly mistakes: readonly FileMistake[];
  constructor(mistakes: readonly FileMistake[]) {
    super('refused');
    this.mistakes = mistakes;
  }
}

interface ImportInput {
  text: string;
  prune: boolean;
  dryRun: boolean;
}

/** Reads the file here, for the lines, and lets the server say what it would do or do it. */
export function useImport() {
  const { org } = useOrg();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async ({ text, prune, dryRun }: ImportInput) => {
      // The reader of YAML is large and only needed here.
      const { placed, readManifest } = await import('./read-manifest');
      const { manifest, mistakes, lineOf } = readManifest(text);
      if (manifest === undefined) throw new RefusedFile(mistakes);
      try {
        return await answered<ApplyAnswer>(
          api.POST('/api/v1/{org}/apply', {
            params: { path: { org } },
            body: { manifest, dry_run: dryRun, prune },
          }),
        );
      } catch (error) {
        if (error instanceof ApiError && error.fields.length > 0)
          throw new RefusedFile(placed(error.fields, lineOf));
        throw error;
      }
    },
    onSuccess: (_, { dryRun }) => {
      if (!dryRun) void queryClient.invalidateQueries({ queryKey: keys.org(org) });
    },
  });
}

export function mistakesOf(error: unknown): readonly FileMistake[] {
  return error instanceof RefusedFile ? error.mistakes : [{ line: undefined, message: messageOf(error) }];
}
