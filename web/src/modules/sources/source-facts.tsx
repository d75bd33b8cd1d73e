import { useQuery } from '@tanstack/react-query';
import type { Source } from '@watchkeeper/contracts/sources';
import { sitesQuery } from '../../api/queries/inventory';
import { AppLink } from '../../app/link';
import { useOrg } from '../../app/session';
import { t } from '../../messages';
import { paths } from '../../paths';
import { asideLinkClass } from '../../ui/button';
import { Panel } from '../../ui/card';
import { Facts } from '../../ui/facts';
import { fieldsOfSchema } from '../../ui/schema-fields';
import { timeText } from '../../ui/time-text';
import { configWords } from '../rules/rule-words';
import { sourceKindsQuery } from './queries';

/** How it is reached and read; secrets only as set or not. */
export function SourceFacts({ source }: { source: Source }) {
  const { org } = useOrg();
  const sites = useQuery(sitesQuery(org)).data?.data;
  const kind = useQuery(sourceKindsQuery(org)).data?.data.find((each) => each.kind === source.kind);
  const fields = kind === undefined ? [] : fieldsOfSchema(kind.schema);
  const isSecret = (name: string) => kind?.secrets.includes(name) === true;
  return (
    <Panel
      title={t.sources.settings}
      aside={
        <AppLink to={paths.check({ org, check: source.check })} className={asideLinkClass}>
          {t.sources.readings}
        </AppLink>
      }
    >
      <Facts
        facts={[
          ...fields
            .filter((field) => source.config[field.name] !== undefined)
            .map((field) => ({
              label: field.title,
              value: isSecret(field.name) ? (
                t.sources.secretSet
              ) : (
                <span className="break-all">{configWords(field, source.config[field.name])}</span>
              ),
            })),
          { label: t.sources.every, value: timeText(source.interval, 's') },
          { label: t.sources.within, value: timeText(source.timeout, 's') },
          { label: t.sources.alertAt, value: t.sources.failedReadings(source.alert_after_failures) },
          ...(source.site === null
            ? []
            : [
                {
                  label: t.sources.site,
                  value: sites?.find((site) => site.slug === source.site)?.name ?? source.site,
                },
              ]),
        ]}
      />
    </Panel>
  );
}
