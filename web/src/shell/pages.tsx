import {
  type AnyRoute,
  createRoute,
  type RouteComponent,
  useParams,
  useSearch,
} from '@tanstack/react-router';
import { type ComponentType, createElement } from 'react';
import { lazyPage } from '../app/lazy-page';
import { withRoomWords } from '../messages';

export type Search = Record<string, string>;

type ParamsOf<Path extends string> = Path extends `${string}/$${infer Name}/${infer Rest}`
  ? Record<Name, string> & ParamsOf<`/${Rest}`>
  : Path extends `${string}/$${infer Name}`
    ? Record<Name, string>
    : object;

interface Address<Path extends string> {
  readonly params: ParamsOf<Path>;
  readonly search: Search;
}

/** Below the frame that shows it. */
type Route = (parent: AnyRoute) => AnyRoute;

/** A route's component that lets the router fetch the page's chunk meanwhile. */
export function withPreload(component: RouteComponent, preload: RouteComponent['preload']): RouteComponent {
  return preload === undefined ? component : Object.assign(component, { preload });
}

/** A page by its address; the router fetches its chunk, and the words of its room, before it is shown. */
function page<Path extends string, Name extends string, Props extends object>(
  path: Path,
  name: Name,
  load: () => Promise<Record<Name, ComponentType<Props>>>,
  propsOf: (address: Address<Path>) => Props = () => ({}) as Props,
): Route {
  const Page = lazyPage<Name, Props>(withRoomWords(load), name);
  function Shown() {
    // Safe because the router fills in every name of the path that led here.
    const params = useParams({ strict: false }) as ParamsOf<Path>;
    return createElement<Props>(Page, propsOf({ params, search: useSearch({ strict: false }) }));
  }
  return (parent) =>
    createRoute({ getParentRoute: () => parent, path, component: withPreload(Shown, Page.preload) });
}

/** All but the first page of an organization, which comes with its words. */
export const orgPages: readonly Route[] = [
  page(
    '/ledger',
    'LedgerPage',
    () => import('../modules/notifications/ledger-page'),
    ({ search: { status, channel, alert, since } }) => ({ search: { status, channel, alert, since } }),
  ),
  page(
    '/alerts',
    'AlertsPage',
    () => import('../modules/alerting/alerts-page'),
    ({ search: { show, severity, type, site, q } }) => ({ search: { show, severity, type, site, q } }),
  ),
  page(
    '/alerts/$alert',
    'AlertPage',
    () => import('../modules/alerting/alert-page'),
    ({ params }) => ({ id: params.alert }),
  ),
  page('/sites', 'SitesPage', () => import('../modules/inventory/sites-page')),
  page('/sites/new', 'AddSitePage', () => import('../modules/inventory/add-site-page')),
  page(
    '/sites/$site',
    'SitePage',
    () => import('../modules/inventory/site-page'),
    ({ params, search }) => ({ slug: params.site, status: search.status }),
  ),
  page(
    '/sites/$site/edit',
    'EditSitePage',
    () => import('../modules/inventory/edit-site-page'),
    ({ params }) => ({ slug: params.site }),
  ),
  page(
    '/devices',
    'DevicesPage',
    () => import('../modules/inventory/devices-page'),
    ({ search }) => ({ search }),
  ),
  page(
    '/devices/new',
    'AddDevicePage',
    () => import('../modules/inventory/add-device-page'),
    ({ search }) => ({ site: search.site }),
  ),
  page(
    '/devices/$device',
    'DevicePage',
    () => import('../modules/inventory/device-page'),
    ({ params, search }) => ({ slug: params.device, search }),
  ),
  page('/rules', 'RulesPage', () => import('../modules/rules/rules-page')),
  page(
    '/rules/new',
    'AddRulePage',
    () => import('../modules/rules/add-rule-page'),
    ({ search: { template, kind, from } }) => ({ template, kind, from }),
  ),
  page(
    '/rules/$rule',
    'RulePage',
    () => import('../modules/rules/rule-page'),
    ({ params, search }) => ({ id: params.rule, days: search.days }),
  ),
  page(
    '/rules/$rule/edit',
    'EditRulePage',
    () => import('../modules/rules/edit-rule-page'),
    ({ params }) => ({ id: params.rule }),
  ),
  page('/channels', 'ChannelsPage', () => import('../modules/channels/channels-page')),
  page(
    '/channels/new',
    'AddChannelPage',
    () => import('../modules/channels/add-channel-page'),
    ({ search }) => ({ kind: search.kind }),
  ),
  page(
    '/channels/$channel',
    'ChannelPage',
    () => import('../modules/channels/channel-page'),
    ({ params }) => ({ id: params.channel }),
  ),
  page(
    '/checks',
    'ChecksPage',
    () => import('../modules/checks/checks-page'),
    ({ search: { q, status, kind, site, by } }) => ({ search: { q, status, kind, site, by } }),
  ),
  page(
    '/checks/new',
    'AddCheckPage',
    () => import('../modules/checks/add-check-page'),
    ({ search: { kind, device, site } }) => ({ kind, device, site }),
  ),
  page(
    '/checks/$check',
    'CheckPage',
    () => import('../modules/checks/check-page'),
    ({ params }) => ({ slug: params.check }),
  ),
  page(
    '/checks/$check/edit',
    'EditCheckPage',
    () => import('../modules/checks/edit-check-page'),
    ({ params }) => ({ slug: params.check }),
  ),
  page('/sources', 'SourcesPage', () => import('../modules/sources/sources-page')),
  page(
    '/sources/new',
    'AddSourcePage',
    () => import('../modules/sources/add-source-page'),
    ({ search }) => ({ kind: search.kind }),
  ),
  page(
    '/sources/$source',
    'SourcePage',
    () => import('../modules/sources/source-page'),
    ({ params, search: { show, q } }) => ({ slug: params.source, search: { show, q } }),
  ),
  page(
    '/sources/$source/edit',
    'EditSourcePage',
    () => import('../modules/sources/edit-source-page'),
    ({ params }) => ({ slug: params.source }),
  ),
  page(
    '/maintenance',
    'MaintenancePage',
    () => import('../modules/maintenance/maintenance-page'),
    ({ search: { view, day, site } }) => ({ search: { view, day, site } }),
  ),
  page(
    '/maintenance/new',
    'AddWindowPage',
    () => import('../modules/maintenance/add-window-page'),
    ({ search: { site, device, day } }) => ({ site, device, day }),
  ),
  page(
    '/maintenance/$window',
    'WindowPage',
    () => import('../modules/maintenance/window-page'),
    ({ params }) => ({ slug: params.window }),
  ),
  page(
    '/maintenance/$window/edit',
    'EditWindowPage',
    () => import('../modules/maintenance/edit-window-page'),
    ({ params }) => ({ slug: params.window }),
  ),
  page(
    '/system',
    'SystemPage',
    () => import('../modules/system/system-page'),
    ({ search }) => ({ search: { range: search.range } }),
  ),
  page('/settings', 'SettingsPage', () => import('../modules/settings/settings-page')),
  page(
    '/settings/$section',
    'SettingsSectionPage',
    () => import('../modules/settings/settings-section-page'),
    ({ params, search }) => ({ section: params.section, search }),
  ),
];

/** Messages link here without naming the organization; the page finds it. */
export const findAlert = page(
  '/alerts/$alert',
  'FindAlertPage',
  () => import('../modules/alerting/find-alert-page'),
  ({ params }) => ({ alert: params.alert }),
);
