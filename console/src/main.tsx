import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './styles.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router';
import { ApiError } from './api/client';
import { measurePace } from './api/pace';
import { router } from './router';
import { theme, variables } from './theme';

const nonce = document.querySelector('meta[name="nonce"]')?.getAttribute('content') ?? '';

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      refetchOnWindowFocus: true,
      // Without a connection it fails, and the page says so, instead of waiting without a word.
      networkMode: 'always',
      // What was refused is refused again.
      retry: (count, error) => count < 2 && !(error instanceof ApiError && error.status < 500),
    },
    // Nothing is sent later that nobody waits for any more.
    mutations: { networkMode: 'always' },
  },
});

measurePace(queries.getQueryCache());

const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={variables}
        defaultColorScheme="auto"
        getStyleNonce={() => nonce}
      >
        <QueryClientProvider client={queries}>
          <Notifications position="top-center" classNames={{ notification: 'u-toast' }} />
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
