import { notifyManager, type QueryClient, type QueryKey } from '@tanstack/react-query';

/**
 * Puts what the server answered in place of what is shown, and resolves when it is: what was typed may go then, and
 * nobody sees for a moment what was there before.
 */
export async function keep(queries: QueryClient, queryKey: QueryKey, answer: unknown): Promise<void> {
  queries.setQueryData(queryKey, answer);
  await new Promise<void>(notifyManager.schedule);
}
