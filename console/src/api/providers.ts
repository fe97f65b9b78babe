import { get } from './client';

/** The providers that people may sign in with. For `useQuery`. */
export const providersQuery = {
  queryKey: ['sign-in-providers'],
  queryFn: () => get('/usher/v1/sign-in/providers', { unattended: true }),
};
