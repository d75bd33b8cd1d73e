import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { withRoomWords } from '../messages';

/** The gallery of components, in development builds only; the branch and its chunk vanish from a build. */
export function devRoutes(parent: AnyRoute): AnyRoute[] {
  if (!import.meta.env.DEV) return [];
  const GalleryPage = lazyRouteComponent(
    withRoomWords(() => import('../gallery/gallery-page')),
    'GalleryPage',
  );
  return [createRoute({ getParentRoute: () => parent, path: '/ui', component: GalleryPage })];
}
