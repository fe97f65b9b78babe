import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { t } from '../text';

/** Says that something is done, in the place of what was said before. What failed is said where it was asked for. */
export function sayDone(message: string): void {
  notifications.clean();
  notifications.show({
    message,
    role: 'status',
    withCloseButton: true,
    closeButtonProps: { 'aria-label': t.common.close },
  });
}

/** A change after which everything shown is looked up again. */
export function useChange<Input>(change: (input: Input) => Promise<unknown>, done?: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: async () => {
      if (done !== undefined) sayDone(done);
      await queries.invalidateQueries();
    },
  });
}
