import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, createRouter, Outlet } from '@tanstack/react-router';
import { lazyPage } from '../app/lazy-page';
import { RootFrame } from '../app/root-frame';
import { SessionGate } from '../app/session';
import { CrashPage, LoadingPage, MissingPage } from '../app/states';
import { base } from '../base';
import { devRoutes } from './dev-routes';
import { HomePage } from './home-page';
import { OrgFrame } from './org-frame';
import { findAlert, orgPages, type Search, withPreload } from './pages';

interface RouterContext {
  queryClient: QueryClient;
}

const rootRoute = createRootRouteWithContext<RouterContext>()({
  validateSearch: (search: Record<string, unknown>): Search =>
    Object.fromEntries(Object.entries(search).map(([key, value]) => [key, String(value)])),
  component: () => (
    <RootFrame>
      <Outlet />
    </RootFrame>
  ),
});

const SignInPage = lazyPage(() => import('../modules/identity/sign-in-page'), 'SignInPage');
const SetupPage = lazyPage(() => import('../modules/identity/setup-page'), 'SetupPage');
const SetPasswordPage = lazyPage(() => import('../modules/identity/set-password-page'), 'SetPasswordPage');
const OverviewPage = lazyPage(() => import('../modules/overview/overview-page'), 'OverviewPage');

const signIn = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  component: withPreload(() => <SignInPage to={signIn.useSearch().to} />, SignInPage.preload),
});
const setup = createRoute({
  getParentRoute: () => rootRoute,
  path: '/setup',
  component: withPreload(() => <SetupPage token={setup.useSearch().token} />, SetupPage.preload),
});
const setPassword = createRoute({
  getParentRoute: () => rootRoute,
  path: '/set-password',
  component: withPreload(
    () => <SetPasswordPage token={setPassword.useSearch().token} />,
    SetPasswordPage.preload,
  ),
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
  component: withPreload(() => <OverviewPage />, OverviewPage.preload),
});

const routeTree = rootRoute.addChildren([
  signIn,
  setup,
  setPassword,
  session.addChildren([
    home,
    findAlert(session),
    org.addChildren([overview, ...orgPages.map((page) => page(org))]),
  ]),
  ...devRoutes(rootRoute),
]);

export function createConsoleRouter(context: RouterContext) {
  return createRouter({
    routeTree,
    basepath: base === '' ? '/' : base,
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
