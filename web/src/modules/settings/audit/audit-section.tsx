import { useInfiniteQuery } from '@tanstack/react-query';
import { useOrg } from '../../../app/session';
import { LoadFailed } from '../../../app/states';
import { t } from '../../../messages';
import { Button, buttonClass } from '../../../ui/button';
import { Card } from '../../../ui/card';
import { Empty } from '../../../ui/empty';
import { Notice } from '../../../ui/notice';
import { SkeletonRows } from '../../../ui/skeleton';
import { SectionHead } from '../section-head';
import { AuditEntries } from './audit-entries';
import { AuditFilters } from './audit-filters';
import { type Filters, filtersOf } from './filters';
import { auditExportUrl, auditQuery } from './queries';

export function AuditSection({ search }: { search: Readonly<Record<string, string>> }) {
  const { can } = useOrg();
  const filters = filtersOf(search);
  const may = can('audit:read');
  return (
    <>
      <SectionHead section="audit" sub={t.settings.audit.text}>
        {t.settings.audit.sentence}
      </SectionHead>
      <div className="mt-6">
        {may ? (
          <Audit key={JSON.stringify(filters)} filters={filters} />
        ) : (
          <Notice tone="unknown">{t.state.noPermission('audit:read')}</Notice>
        )}
      </div>
    </>
  );
}

function Audit({ filters }: { filters: Filters }) {
  const { org } = useOrg();
  const audit = useInfiniteQuery(auditQuery(org, filters));
  const entries = audit.data?.pages.flatMap((page) => page.data) ?? [];
  const filtered = Object.keys(filters).length > 0;
  return (
    <>
      <AuditFilters filters={filters} />
      <div className="mt-4 mb-3 flex flex-wrap items-center gap-x-4 gap-y-2">
        <a className={buttonClass()} href={auditExportUrl(org, filters, 'csv')} download>
          {t.settings.audit.exportCsv}
        </a>
        <a className={buttonClass()} href={auditExportUrl(org, filters, 'json')} download>
          {t.settings.audit.exportJson}
        </a>
        <p className="min-w-0 flex-1 basis-60 text-1 text-ink-3">{t.settings.audit.exportText}</p>
      </div>
      {audit.error === null ? null : (
        <LoadFailed error={audit.error} busy={audit.isFetching} onRetry={() => void audit.refetch()} />
      )}
      {audit.isPending ? <SkeletonRows label={t.state.loading} rows={8} /> : null}
      {audit.isSuccess && entries.length === 0 ? (
        <Empty title={filtered ? t.settings.audit.emptyFiltered : t.settings.audit.empty} />
      ) : null}
      {entries.length === 0 ? null : (
        <Card>
          <AuditEntries entries={entries} />
        </Card>
      )}
      {audit.hasNextPage ? (
        <div className="mt-4">
          <Button busy={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>
            {t.action.showMore}
          </Button>
        </div>
      ) : null}
    </>
  );
}
