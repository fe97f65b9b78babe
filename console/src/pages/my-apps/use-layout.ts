import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, send } from '../../api/client';
import type { Layout } from './layout';

const queryKey = ['my-layout'];

/** How the tiles are arranged. A change shows at once, and goes back where the server does not keep it. */
export function useLayout() {
  const queries = useQueryClient();
  const { data, error } = useQuery({
    queryKey,
    queryFn: () => get('/usher/v1/me/layout', { unattended: true }),
  });
  const save = useMutation({
    // One after the other, in the order they were made.
    scope: { id: 'my-layout' },
    mutationFn: (layout: Layout) => send('put', '/usher/v1/me/layout', { body: layout }),
    onMutate: async (layout) => {
      await queries.cancelQueries({ queryKey });
      queries.setQueryData(queryKey, layout);
    },
    onError: () => queries.invalidateQueries({ queryKey }),
  });
  return { layout: data, error: error ?? save.error, save: save.mutate };
}
