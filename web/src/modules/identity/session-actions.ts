import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/client';
import { answered, isUnauthenticated, messageOf } from '../../api/problem';
import { useGo } from '../../app/link';
import { useToast } from '../../app/toast';
import { t } from '../../messages';
import { paths } from '../../paths';

interface Credentials {
  email: string;
  password: string;
}

/** Data of one person must not be shown to the next: the cache starts empty after each change of person. */
function useEnter(): (to: string) => void {
  const queryClient = useQueryClient();
  const go = useGo();
  return (to) => {
    queryClient.clear();
    go(to, { replace: true });
  };
}

export function useSignIn(to: string) {
  const enter = useEnter();
  return useMutation({
    mutationFn: (body: Credentials) => answered(api.POST('/api/auth/sign-in/email', { body })),
    onSuccess: () => enter(to),
  });
}

export function useCompleteSetup() {
  const enter = useEnter();
  return useMutation({
    mutationFn: (body: Credentials & { token: string; name: string }) =>
      answered(api.POST('/api/setup', { body })),
    onSuccess: () => enter(paths.home()),
  });
}

export function useSetPassword() {
  const enter = useEnter();
  return useMutation({
    mutationFn: (body: { token: string; password: string }) =>
      answered(api.POST('/api/auth/set-password', { body })),
    onSuccess: () => enter(paths.home()),
  });
}

export function useSignOut() {
  const enter = useEnter();
  const say = useToast();
  return useMutation({
    mutationFn: () => answered(api.POST('/api/auth/sign-out')),
    onSuccess: () => enter(paths.signIn()),
    // Already signed out elsewhere is what was wanted.
    onError: (error) => {
      if (isUnauthenticated(error)) enter(paths.signIn());
      else say({ tone: 'problem', text: `${t.problem.stillSignedIn} ${messageOf(error)}` });
    },
  });
}
