import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { untilAnswering } from './api/connection';
import { createQueryClient } from './api/queries';
import './design/base.css';
import { startTheme } from './design/theme';
import { createAppRouter } from './router';
import { calmHistory } from './shell/calmHistory';

startTheme();
calmHistory(window.history, window);

// After an upgrade of the server a page from before asks for files that are gone: the new page has the right names.
// Once a minute at most, so that a file that is really missing shows its error instead of reloading for ever. While the
// server is away what is on the screen stays there: reloading would leave the browser's own error in its place.
const client = createQueryClient();
window.addEventListener('vite:preloadError', (event) => {
  const last = Number(sessionStorage.getItem('cairn.reloaded') ?? 0);
  if (Date.now() - last < 60_000) return;
  event.preventDefault();
  void untilAnswering(client).then((atOnce) => {
    if (atOnce) sessionStorage.setItem('cairn.reloaded', String(Date.now()));
    location.reload();
  });
});

const router = createAppRouter(client);

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
