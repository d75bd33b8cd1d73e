import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { keys } from './api/keys';
import { createQueryClient } from './api/query-client';
import { preferences } from './lib/preferences';
import { printInLight } from './lib/theme';
import { chooseLanguage } from './messages';
import { createConsoleRouter } from './shell/router';
import './styles/app.css';

const queryClient = createQueryClient(() => {
  // The session gate listens to this query and leads to the sign-in page.
  if (queryClient.getQueryState(keys.me())?.status === 'success') {
    void queryClient.resetQueries({ queryKey: keys.me() });
  }
});
const router = createConsoleRouter({ queryClient });

const root = document.querySelector('#root');
if (root === null) throw new Error('index.html has no #root.');
const { language } = preferences();
await chooseLanguage(language === null ? navigator.languages : [language, ...navigator.languages]);
printInLight();
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
// After the first paint: nothing moves before.
const { keepStill } = await import('./lib/stillness');
keepStill(root);
