import type { ListedRule } from '@watchkeeper/contracts/rules';
import { AppLink } from '../../app/link';
import { useOrg } from '../../app/session';
import { t } from '../../messages';
import { paths } from '../../paths';
import { classes } from '../../ui/classes';
import { Badge, State } from '../../ui/mark';
import { Ago } from '../../ui/moment';
import { Switch } from '../../ui/switch';
import { toneOfSeverity } from '../../ui/tone';
import type { Lookups } from './rule-words';

interface RuleRowProps {
  rule: ListedRule;
  lookups: Lookups;
  /** undefined: this person may not switch rules. */
  onToggle: ((enabled: boolean) => void) | undefined;
}

export function RuleRow({ rule, lookups, onToggle }: RuleRowProps) {
  const { org } = useOrg();
  return (
    <li className="relative grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-6 gap-y-2 border-b border-line px-4 py-3 last:border-b-0 hover:bg-sunken sm:px-5 lg:grid-cols-[minmax(0,1fr)_5rem_5rem_9rem_5.5rem]">
      <div className={classes('min-w-0', !rule.enabled && 'text-ink-2')}>
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <AppLink
            to={paths.rule({ org, rule: rule.id })}
            className="text-3 font-semibold after:absolute after:inset-0"
          >
            {rule.name}
          </AppLink>
          <Badge tone={toneOfSeverity(rule.severity)}>{t.severity[rule.severity]}</Badge>
        </p>
        <p className="text-2 text-ink-2">
          {rule.trigger}
          <span className="text-ink-3"> · {scopeOf(rule, lookups)}</span>
        </p>
      </div>
      <Count label={t.rule.fired7} value={rule.fired.last_7_days} />
      <Count label={t.rule.fired30} value={rule.fired.last_30_days} />
      <div className="text-1 text-ink-3 max-lg:col-start-1">
        <span className="lg:hidden">{t.rule.firedIn(rule.fired.last_7_days, rule.fired.last_30_days)}. </span>
        {rule.fired.last_at === null ? (
          t.rule.never
        ) : (
          <Ago at={rule.fired.last_at} language={t.language}>
            {t.rule.firedAt}
          </Ago>
        )}
      </div>
      <div className="relative justify-self-end max-lg:col-start-2 max-lg:row-start-1">
        {onToggle === undefined ? (
          <State tone={rule.enabled ? 'ok' : 'unknown'}>{rule.enabled ? t.rule.on : t.rule.off}</State>
        ) : (
          <Switch
            label={t.rule.nameOn(rule.name)}
            words={{ on: t.rule.on, off: t.rule.off }}
            checked={rule.enabled}
            onChange={onToggle}
          />
        )}
      </div>
    </li>
  );
}

/** Figure above its label; on a phone the same stands in one line of words. */
function Count({ label, value }: { label: string; value: number }) {
  return (
    <p className="text-right max-lg:hidden">
      <span className={classes('block text-3 font-semibold tabular-nums', value === 0 && 'text-ink-3')}>
        {new Intl.NumberFormat(t.language).format(value)}
      </span>
      <span className="block text-1 text-ink-3">{label}</span>
    </p>
  );
}

export function scopeOf(
  { site, device_type: type }: Pick<ListedRule, 'site' | 'device_type'>,
  lookups: Lookups,
): string {
  const place = site === null ? t.rule.everywhere : (lookups.site(site) ?? site);
  return type === null ? place : `${place}, ${lookups.deviceType(type) ?? type}`;
}
