import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ApiError, messageOf } from '../api/problem';
import { t } from '../messages';
import { paths } from '../paths';
import { Answer } from '../ui/answer';
import { Button, buttonClass } from '../ui/button';
import { Notice } from '../ui/notice';
import { SkeletonPage } from '../ui/skeleton';
import { AppLink } from './link';

export function LoadingPage() {
  return <SkeletonPage label={t.state.loading} />;
}

export function MissingPage() {
  return (
    <div className="p-4 sm:p-0">
      <Answer
        sub={t.state.notFoundText}
        actions={
          <AppLink to={paths.home()} className={buttonClass()}>
            {t.state.toOverview}
          </AppLink>
        }
      >
        {t.state.notFoundTitle}
      </Answer>
    </div>
  );
}

export function CrashPage({ error }: { error: unknown }) {
  if (error instanceof ApiError && error.status === 404) return <MissingPage />;
  return (
    <div role="alert" className="p-4 sm:p-0">
      <Answer
        sub={t.state.crashedText}
        actions={<Button onClick={() => location.reload()}>{t.state.reload}</Button>}
      >
        {t.state.crashedTitle}
      </Answer>
    </div>
  );
}

interface LoadedProps<T> {
  query: UseQueryResult<T>;
  /** A placeholder of the same size while data is loading. */
  loading?: ReactNode;
  children: (data: T) => ReactNode;
}

/** The states between asking and showing: reading, refused, failed, and old data that could not be renewed. */
export function Loaded<T>({ query, loading, children }: LoadedProps<T>) {
  const { data, error } = query;
  if (data !== undefined) {
    return (
      <>
        {error === null ? null : <RefreshFailed error={error} onRetry={() => void query.refetch()} />}
        {children(data)}
      </>
    );
  }
  if (error !== null)
    return <LoadFailed error={error} busy={query.isFetching} onRetry={() => void query.refetch()} />;
  return loading ?? <LoadingPage />;
}

interface FailedProps {
  error: unknown;
  onRetry: () => void;
  busy?: boolean;
}

function RefreshFailed({ error, onRetry }: FailedProps) {
  // Without a network the connection bar says it for the whole page.
  if (error instanceof ApiError && error.status === 0) return null;
  return (
    <Notice
      tone="unknown"
      role="status"
      className="mb-4"
      action={<Button onClick={onRetry}>{t.action.retry}</Button>}
    >
      {t.state.refreshFailed} {messageOf(error)}
    </Notice>
  );
}

export function LoadFailed({ error, onRetry, busy = false }: FailedProps) {
  if (error instanceof ApiError && error.status === 404) return <MissingPage />;
  if (error instanceof ApiError && error.status === 403) {
    return <Notice tone="unknown">{t.state.noPermission('read')}</Notice>;
  }
  return (
    <Notice
      tone="attention"
      role="alert"
      title={t.state.loadFailed}
      action={
        <Button busy={busy} onClick={onRetry}>
          {t.action.retry}
        </Button>
      }
    >
      {messageOf(error)}
    </Notice>
  );
}
