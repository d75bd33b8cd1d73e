import type { Check } from '@watchkeeper/contracts/checks';
import { AppLink } from '../../app/link';
import { useOrg } from '../../app/session';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Panel } from '../../ui/card';
import { type Fact, Facts } from '../../ui/facts';
import { Day } from '../../ui/moment';
import { fieldsOfSchema, type SchemaField } from '../../ui/schema-fields';
import { configWords } from '../rules/rule-words';
import { settingText } from './check-draft';
import { isAwaited, isByServer } from './check-tone';
import { settingsOf, useInherited } from './use-inherited';
import { useCheckNames } from './use-names';

/** Its target, its place and its settings: its own or inherited. */
export function CheckFacts({ check }: { check: Check }) {
  const { kind, kinds, site } = useCheckNames();
  const inherited = useInherited(check.device ?? '', check.kind);
  const described = kinds.find((each) => each.kind === check.kind);
  const fields = described === undefined ? [] : fieldsOfSchema(described.schema);
  const facts: Fact[] = [
    { label: t.check.kind, value: kind(check.kind) },
    ...fields.flatMap((field) =>
      configFact(field, check.config[field.name], described?.secrets ?? [], isAwaited(check)),
    ),
    ...settingsOf(check.kind).map((name) => ({
      label: t.check.settingsShort[name],
      value: t.check.inherited(
        settingText(name, check[name]),
        check.overrides.includes(name) ? t.check.own : inherited.from,
      ),
    })),
    {
      label: t.check.site,
      value: check.site === null ? t.check.noSite : <SiteLink slug={check.site} name={site(check.site)} />,
    },
    ...(check.device === null ? [] : [{ label: t.check.device, value: <DeviceLink slug={check.device} /> }]),
    ...(check.depends_on.length === 0
      ? []
      : [{ label: t.check.dependsOn, value: <Parents slugs={check.depends_on} /> }]),
    ...(isByServer(check) ? [{ label: t.check.byServer, value: t.check.byServerText }] : []),
    { label: t.check.created, value: <Day at={check.created_at} language={t.language} /> },
  ];
  return (
    <Panel title={t.check.about}>
      <Facts facts={facts} />
    </Panel>
  );
}

/** Settings without a value are not listed: most kinds can do far more than one check needs. */
function configFact(
  field: SchemaField,
  value: unknown,
  secrets: readonly string[],
  hideSecrets: boolean,
): Fact[] {
  if (value === undefined || value === null || value === '' || value === false) return [];
  // The addresses of one that is waited for stand on the page themselves.
  if (secrets.includes(field.path))
    return hideSecrets ? [] : [{ label: field.title, value: t.check.secretSet }];
  if (JSON.stringify(value) === JSON.stringify(field.fallback)) return [];
  return [{ label: field.title, value: <span className="break-all">{valueWords(field, value)}</span> }];
}

function valueWords(field: SchemaField, value: unknown): string {
  const { shape } = field;
  if (shape.type === 'rows' && Array.isArray(value))
    return value.map((row: unknown) => Object.values(row ?? {}).join(' = ')).join(', ');
  if (shape.type === 'pairs' && typeof value === 'object' && value !== null)
    return Object.entries(value)
      .map(([name, text]) => `${name}: ${String(text)}`)
      .join(', ');
  return configWords(field, value);
}

const linkClass = 'text-accent hover:underline';

function SiteLink({ slug, name }: { slug: string; name: string }) {
  const { org } = useOrg();
  return (
    <AppLink to={paths.site({ org, site: slug })} className={linkClass}>
      {name}
    </AppLink>
  );
}

function DeviceLink({ slug }: { slug: string }) {
  const { org } = useOrg();
  return (
    <AppLink to={paths.device({ org, device: slug })} className={linkClass}>
      {slug}
    </AppLink>
  );
}

function Parents({ slugs }: { slugs: readonly string[] }) {
  const { org } = useOrg();
  return (
    <span className="flex flex-wrap justify-end gap-x-2">
      {slugs.map((slug) => (
        <AppLink key={slug} to={paths.check({ org, check: slug })} className={linkClass}>
          {slug}
        </AppLink>
      ))}
    </span>
  );
}
