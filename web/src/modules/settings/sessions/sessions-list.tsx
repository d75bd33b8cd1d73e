import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { SessionItem } from '@watchkeeper/contracts/identity';
import { api } from '../../../api/client';
import { keys } from '../../../api/keys';
import { answered, messageOf } from '../../../api/problem';
import { useToast } from '../../../app/toast';
import { formatDate } from '../../../lib/time';
import { t } from '../../../messages';
import { Button } from '../../../ui/button';
import { Panel } from '../../../ui/card';
import { readAgent } from './agent';

/** An end of sessions; what is left is read again. */
function useEnd<V>(write: (input: V) => Promise<unknown>, done: string, failed: string) {
  const say = useToast();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: write,
    onSuccess: () => say({ tone: 'ok', text: done }),
    onError: (error) => say({ tone: 'problem', text: `${failed} ${messageOf(error)}` }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.sessions() }),
  });
}

export function SessionsList({ sessions }: { sessions: readonly SessionItem[] }) {
  const words = t.settings.sessions;
  const end = useEnd(
    (id: string) => answered(api.DELETE('/api/auth/sessions/{id}', { params: { path: { id } } })),
    words.ended,
    words.endFailed,
  );
  const endOthers = useEnd(
    () => answered(api.DELETE('/api/auth/sessions')),
    words.othersEnded,
    words.othersFailed,
  );
  const others = sessions.filter((session) => !session.current);
  return (
    <Panel
      title={words.list}
      aside={
        others.length === 0 ? null : (
          <Button busy={endOthers.isPending} onClick={() => endOthers.mutate(undefined)}>
            {words.endOthers}
          </Button>
        )
      }
    >
      <ul className="divide-y divide-line">
        {[...sessions.filter((session) => session.current), ...others].map((session) => (
          <SessionRow
            key={session.id}
            session={session}
            busy={end.isPending && end.variables === session.id}
            onEnd={() => end.mutate(session.id)}
          />
        ))}
      </ul>
    </Panel>
  );
}

interface SessionRowProps {
  session: SessionItem;
  busy: boolean;
  onEnd: () => void;
}

function SessionRow({ session, busy, onEnd }: SessionRowProps) {
  const words = t.settings.sessions;
  const { browser, system } = readAgent(session.user_agent);
  const agent = words.agent(browser, system);
  const day = (at: string) => formatDate(Date.parse(at), t.language);
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-3 first:pt-0 last:pb-0">
      <span className="min-w-0 flex-1 basis-52">
        <span className="font-medium" title={session.user_agent ?? undefined}>
          {agent}
        </span>
        {session.current ? <span className="text-ok"> ({words.current})</span> : null}
        <span className="flex flex-wrap gap-x-3 text-1 text-ink-3">
          {session.ip === null ? null : <span>{session.ip}</span>}
          <span>{words.signedIn(day(session.created_at))}</span>
          <span>{words.ends(day(session.expires_at))}</span>
        </span>
      </span>
      {session.current ? null : (
        <Button busy={busy} aria-label={words.endOf(agent)} onClick={onEnd}>
          {words.end}
        </Button>
      )}
    </li>
  );
}
