import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  type RouteComponent,
} from '@tanstack/react-router';
import { withRoomWords } from '../messages';
import { devRoutes } from './dev-routes';
import { HomePage } from './home-page';
import { OrgFrame } from './org-frame';
import { RootFrame } from './root-frame';
import { SessionGate } from './session';
import { CrashPage, LoadingPage, MissingPage } from './states';

interface RouterContext {
  queryClient: QueryClient;
}

type Search = Record<string, string>;

const rootRoute = createRootRouteWithContext<RouterContext>()({
  validateSearch: (search: Record<string, unknown>): Search =>
    Object.fromEntries(Object.entries(search).map(([key, value]) => [key, String(value)])),
  component: () => (
    <RootFrame>
      <Outlet />
    </RootFrame>
  ),
});

type Preload = RouteComponent['preload'];

/** A route's component that hands the page its parameters, and lets the router fetch the page's chunk meanwhile. */
function page(component: RouteComponent, preload: Preload): RouteComponent {
  return preload === undefined ? component : Object.assign(component, { preload });
}

const SignInPage = lazyRouteComponent(() => import('../modules/identity/sign-in-page'), 'SignInPage');
const SetupPage = lazyRouteComponent(() => import('../modules/identity/setup-page'), 'SetupPage');
const SetPasswordPage = lazyRouteComponent(
  () => import('../modules/identity/set-password-page'),
  'SetPasswordPage',
);
const OverviewPage = lazyRouteComponent(() => import('../modules/overview/overview-page'), 'OverviewPage');
const AlertsPage = lazyRouteComponent(
  withRoomWords(() => import('../modules/alerting/alerts-page')),
  'AlertsPage',
);
const AlertPage = lazyRouteComponent(
  withRoomWords(() => import('../modules/alerting/alert-page')),
  'AlertPage',
);
const FindAlertPage = lazyRouteComponent(
  withRoomWords(() => import('../modules/alerting/find-alert-page')),
  'FindAlertPage',
);
const SitesPage = lazyRouteComponent(
  withRoomWords(() => import('../modules/inventory/sites-page')),
  'SitesPage',
);
const SitePage = lazyRouteComponent(
  withRoomWords(() => import('../modules/inventory/site-page')),
  'SitePage',
);
const EditSitePage = lazyRouteComponent(
  withRoomWords(() => import('../modules/inventory/edit-site-page')),
  'EditSitePage',
);
const DevicesPage = lazyRouteComponent(
  withRoomWords(() => import('../modules/inventory/devices-page')),
  'DevicesPage',
);
const AddSitePage = lazyRouteComponent(
  withRoomWords(() => import('../modules/inventory/add-site-page')),
  'AddSitePage',
);
const AddDevicePage = lazyRouteComponent(
  withRoomWords(() => import('../modules/inventory/add-device-page')),
  'AddDevicePage',
);
const DevicePage = lazyRouteComponent(
  withRoomWords(() => import('../modules/telemetry/device-page')),
  'DevicePage',
);
const RulesPage = lazyRouteComponent(
  withRoomWords(() => import('../modules/rules/rules-page')),
  'RulesPage',
);
const RulePage = lazyRouteComponent(
  withRoomWords(() => import('../modules/rules/rule-page')),
  'RulePage',
);
const AddRulePage = lazyRouteComponent(
  withRoomWords(() => import('../modules/rules/add-rule-page')),
  'AddRulePage',
);
const EditRulePage = lazyRouteComponent(
  withRoomWords(() => import('../modules/rules/edit-rule-page')),
  'EditRulePage',
);
const ChannelsPage = lazyRouteComponent(
  withRoomWords(() => import('../modules/channels/channels-page')),
  'ChannelsPage',
);
const ChannelPage = lazyRouteComponent(
  withRoomWords(() => import('../modules/channels/channel-page')),
  'ChannelPage',
);
const AddChannelPage = lazyRouteComponent(
  withRoomWords(() => import('../modules/channels/add-channel-page')),
  'AddChannelPage',
);
const SettingsPage = lazyRouteComponent(
  withRoomWords(() => import('../modules/settings/settings-page')),
  'SettingsPage',
);
const SettingsSectionPage = lazyRouteComponent(
  withRoomWords(() => import('../modules/settings/settings-section-page')),
  'SettingsSectionPage',
);

const SystemPage = lazyRouteComponent(
  withRoomWords(() => import('../modules/system/system-page')),
  'SystemPage',
);
const LedgerPage = lazyRouteComponent(
  withRoomWords(() => import('../modules/notifications/ledger-page')),
  'LedgerPage',
);
const ChecksPage = lazyRouteComponent(
  withRoomWords(() => import('../modules/checks/checks-page')),
  'ChecksPage',
);
const CheckPage = lazyRouteComponent(
  withRoomWords(() => import('../modules/checks/check-page')),
  'CheckPage',
);
const AddCheckPage = lazyRouteComponent(
  withRoomWords(() => import('../modules/checks/add-check-page')),
  'AddCheckPage',
);
const EditCheckPage = lazyRouteComponent(
  withRoomWords(() => import('../modules/checks/edit-check-page')),
  'EditCheckPage',
);
const SourcesPage = lazyRouteComponent(
  withRoomWords(() => import('../modules/sources/sources-page')),
  'SourcesPage',
);
const SourcePage = lazyRouteComponent(
  withRoomWords(() => import('../modules/sources/source-page')),
  'SourcePage',
);
const AddSourcePage = lazyRouteComponent(
  withRoomWords(() => import('../modules/sources/add-source-page')),
  'AddSourcePage',
);
const EditSourcePage = lazyRouteComponent(
  withRoomWords(() => import('../modules/sources/edit-source-page')),
  'EditSourcePage',
);
const MaintenancePage = lazyRouteComponent(
  withRoomWords(() => import('../modules/maintenance/maintenance-page')),
  'MaintenancePage',
);
const WindowPage = lazyRouteComponent(
  withRoomWords(() => import('../modules/maintenance/window-page')),
  'WindowPage',
);
const AddWindowPage = lazyRouteComponent(
  withRoomWords(() => import('../modules/maintenance/add-window-page')),
  'AddWindowPage',
);
const EditWindowPage = lazyRouteComponent(
  withRoomWords(() => import('../modules/maintenance/edit-window-page')),
  'EditWindowPage',
);

const signIn = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  component: page(() => <SignInPage to={signIn.useSearch().to} />, SignInPage.preload),
});
const setup = createRoute({
  getParentRoute: () => rootRoute,
  path: '/setup',
  component: page(() => <SetupPage token={setup.useSearch().token} />, SetupPage.preload),
});
const setPassword = createRoute({
  getParentRoute: () => rootRoute,
  path: '/set-password',
  component: page(() => <SetPasswordPage token={setPassword.useSearch().token} />, SetPasswordPage.preload),
});

const session = createRoute({
  getParentRoute: () => rootRoute,
  id: 'session',
  component: () => (
    <SessionGate>
      <Outlet />
    </SessionGate>
  ),
});
const home = createRoute({ getParentRoute: () => session, path: '/', component: HomePage });
/** Messages link here without naming the organization; the page finds it. */
const findAlert = createRoute({
  getParentRoute: () => session,
  path: '/alerts/$alert',
  component: page(() => <FindAlertPage alert={findAlert.useParams().alert} />, FindAlertPage.preload),
});

const org = createRoute({
  getParentRoute: () => session,
  path: '/o/$org',
  component: () => (
    <OrgFrame slug={org.useParams().org}>
      <Outlet />
    </OrgFrame>
  ),
});
const overview = createRoute({
  getParentRoute: () => org,
  path: '/',
  component: page(() => <OverviewPage />, OverviewPage.preload),
});
const alerts = createRoute({
  getParentRoute: () => org,
  path: '/alerts',
  component: page(() => {
    const { show, severity, type, site, q } = alerts.useSearch();
    return <AlertsPage search={{ show, severity, type, site, q }} />;
  }, AlertsPage.preload),
});
const alert = createRoute({
  getParentRoute: () => org,
  path: '/alerts/$alert',
  component: page(() => <AlertPage id={alert.useParams().alert} />, AlertPage.preload),
});
const sites = createRoute({
  getParentRoute: () => org,
  path: '/sites',
  component: page(() => <SitesPage />, SitesPage.preload),
});
const addSite = createRoute({
  getParentRoute: () => org,
  path: '/sites/new',
  component: page(() => <AddSitePage />, AddSitePage.preload),
});
const site = createRoute({
  getParentRoute: () => org,
  path: '/sites/$site',
  component: page(
    () => <SitePage slug={site.useParams().site} status={site.useSearch().status} />,
    SitePage.preload,
  ),
});
const editSite = createRoute({
  getParentRoute: () => org,
  path: '/sites/$site/edit',
  component: page(() => <EditSitePage slug={editSite.useParams().site} />, EditSitePage.preload),
});
const devices = createRoute({
  getParentRoute: () => org,
  path: '/devices',
  component: page(() => <DevicesPage search={devices.useSearch()} />, DevicesPage.preload),
});
const addDevice = createRoute({
  getParentRoute: () => org,
  path: '/devices/new',
  component: page(() => <AddDevicePage site={addDevice.useSearch().site} />, AddDevicePage.preload),
});
const device = createRoute({
  getParentRoute: () => org,
  path: '/devices/$device',
  component: page(
    () => <DevicePage slug={device.useParams().device} search={device.useSearch()} />,
    DevicePage.preload,
  ),
});
const rules = createRoute({
  getParentRoute: () => org,
  path: '/rules',
  component: page(() => <RulesPage />, RulesPage.preload),
});
const addRule = createRoute({
  getParentRoute: () => org,
  path: '/rules/new',
  component: page(() => {
    const { template, kind, from } = addRule.useSearch();
    return <AddRulePage template={template} kind={kind} from={from} />;
  }, AddRulePage.preload),
});
const rule = createRoute({
  getParentRoute: () => org,
  path: '/rules/$rule',
  component: page(
    () => <RulePage id={rule.useParams().rule} days={rule.useSearch().days} />,
    RulePage.preload,
  ),
});
const editRule = createRoute({
  getParentRoute: () => org,
  path: '/rules/$rule/edit',
  component: page(() => <EditRulePage id={editRule.useParams().rule} />, EditRulePage.preload),
});
const channels = createRoute({
  getParentRoute: () => org,
  path: '/channels',
  component: page(() => <ChannelsPage />, ChannelsPage.preload),
});
const addChannel = createRoute({
  getParentRoute: () => org,
  path: '/channels/new',
  component: page(() => <AddChannelPage kind={addChannel.useSearch().kind} />, AddChannelPage.preload),
});
const channel = createRoute({
  getParentRoute: () => org,
  path: '/channels/$channel',
  component: page(() => <ChannelPage id={channel.useParams().channel} />, ChannelPage.preload),
});
const settings = createRoute({
  getParentRoute: () => org,
  path: '/settings',
  component: page(() => <SettingsPage />, SettingsPage.preload),
});
const settingsSection = createRoute({
  getParentRoute: () => org,
  path: '/settings/$section',
  component: page(
    () => (
      <SettingsSectionPage
        section={settingsSection.useParams().section}
        search={settingsSection.useSearch()}
      />
    ),
    SettingsSectionPage.preload,
  ),
});

const ledger = createRoute({
  getParentRoute: () => org,
  path: '/ledger',
  component: page(() => {
    const { status, channel, alert, since } = ledger.useSearch();
    return <LedgerPage search={{ status, channel, alert, since }} />;
  }, LedgerPage.preload),
});

const checks = createRoute({
  getParentRoute: () => org,
  path: '/checks',
  component: page(() => {
    const { q, status, kind, site: at, by } = checks.useSearch();
    return <ChecksPage search={{ q, status, kind, site: at, by }} />;
  }, ChecksPage.preload),
});
const addCheck = createRoute({
  getParentRoute: () => org,
  path: '/checks/new',
  component: page(() => {
    const { kind, device: about, site: at } = addCheck.useSearch();
    return <AddCheckPage kind={kind} device={about} site={at} />;
  }, AddCheckPage.preload),
});
const check = createRoute({
  getParentRoute: () => org,
  path: '/checks/$check',
  component: page(() => <CheckPage slug={check.useParams().check} />, CheckPage.preload),
});
const editCheck = createRoute({
  getParentRoute: () => org,
  path: '/checks/$check/edit',
  component: page(() => <EditCheckPage slug={editCheck.useParams().check} />, EditCheckPage.preload),
});
const sources = createRoute({
  getParentRoute: () => org,
  path: '/sources',
  component: page(() => <SourcesPage />, SourcesPage.preload),
});
const addSource = createRoute({
  getParentRoute: () => org,
  path: '/sources/new',
  component: page(() => <AddSourcePage kind={addSource.useSearch().kind} />, AddSourcePage.preload),
});
const source = createRoute({
  getParentRoute: () => org,
  path: '/sources/$source',
  component: page(() => {
    const { show, q } = source.useSearch();
    return <SourcePage slug={source.useParams().source} search={{ show, q }} />;
  }, SourcePage.preload),
});
const editSource = createRoute({
  getParentRoute: () => org,
  path: '/sources/$source/edit',
  component: page(() => <EditSourcePage slug={editSource.useParams().source} />, EditSourcePage.preload),
});
const maintenance = createRoute({
  getParentRoute: () => org,
  path: '/maintenance',
  component: page(() => {
    const { view, day, site: at } = maintenance.useSearch();
    return <MaintenancePage search={{ view, day, site: at }} />;
  }, MaintenancePage.preload),
});
const addWindow = createRoute({
  getParentRoute: () => org,
  path: '/maintenance/new',
  component: page(() => {
    const { site: at, device: about, day } = addWindow.useSearch();
    return <AddWindowPage site={at} device={about} day={day} />;
  }, AddWindowPage.preload),
});
const maintenanceWindow = createRoute({
  getParentRoute: () => org,
  path: '/maintenance/$window',
  component: page(() => <WindowPage slug={maintenanceWindow.useParams().window} />, WindowPage.preload),
});
const editWindow = createRoute({
  getParentRoute: () => org,
  path: '/maintenance/$window/edit',
  component: page(() => <EditWindowPage slug={editWindow.useParams().window} />, EditWindowPage.preload),
});

const system = createRoute({
  getParentRoute: () => org,
  path: '/system',
  component: page(() => <SystemPage search={{ range: system.useSearch().range }} />, SystemPage.preload),
});

const routeTree = rootRoute.addChildren([
  signIn,
  setup,
  setPassword,
  session.addChildren([
    home,
    findAlert,
    org.addChildren([
      ledger,
      overview,
      alerts,
      alert,
      sites,
      addSite,
      site,
      editSite,
      devices,
      addDevice,
      device,
      rules,
      addRule,
      rule,
      editRule,
      channels,
      addChannel,
      channel,
      checks,
      addCheck,
      check,
      editCheck,
      sources,
      addSource,
      source,
      editSource,
      maintenance,
      addWindow,
      maintenanceWindow,
      editWindow,
      system,
      settings,
      settingsSection,
    ]),
  ]),
  ...devRoutes(rootRoute),
]);

export function createConsoleRouter(context: RouterContext) {
  return createRouter({
    routeTree,
    context,
    // Plain text in the address bar: the default wraps values in JSON.
    parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
    stringifySearch: (search) => {
      const text = new URLSearchParams(search as Search).toString();
      return text === '' ? '' : `?${text}`;
    },
    scrollRestoration: true,
    defaultPendingComponent: LoadingPage,
    defaultErrorComponent: ({ error }) => <CrashPage error={error} />,
    defaultNotFoundComponent: MissingPage,
  });
}
