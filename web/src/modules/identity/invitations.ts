import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { LinkFacts, MyInvitation } from '@watchkeeper/contracts/identity';
import { api } from '../../api/client';
import { keys } from '../../api/keys';
import { answered } from '../../api/problem';
import { useGo } from '../../app/link';
import { useToast } from '../../app/toast';
import { t } from '../../messages';
import { paths } from '../../paths';

/** The purpose of a one-time link. It does not change until the link is used, so it is read once. */
export function linkQuery(token: string) {
  return queryOptions({
    queryKey: keys.link(token),
    queryFn: ({ signal }) => answered<LinkFacts>(api.POST('/api/auth/link', { body: { token }, signal })),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export const myInvitationsQuery = queryOptions({
  queryKey: keys.invitations(),
  queryFn: ({ signal }) => answered<{ data: MyInvitation[] }>(api.GET('/api/me/invitations', { signal })),
});

export function useAccept() {
  const queryClient = useQueryClient();
  const go = useGo();
  return useMutation({
    mutationFn: (token: string) =>
      answered<{ organization: { slug: string } }>(
        api.POST('/api/me/invitations/accept', { body: { token } }),
      ),
    onSuccess: async ({ organization }) => {
      await queryClient.invalidateQueries({ queryKey: keys.me() });
      void queryClient.invalidateQueries({ queryKey: keys.invitations() });
      go(paths.overview({ org: organization.slug }), { replace: true });
    },
  });
}

export function useDecline(onDone: () => void) {
  const queryClient = useQueryClient();
  const say = useToast();
  return useMutation({
    mutationFn: ({ id }: { id: string; organization: string }) =>
      answered(api.DELETE('/api/me/invitations/{id}', { params: { path: { id } } })),
    onSuccess: (_, { organization }) => {
      void queryClient.invalidateQueries({ queryKey: keys.invitations() });
      say({ tone: 'ok', text: t.invitation.declined(organization) });
      onDone();
    },
  });
}
