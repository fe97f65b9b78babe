import { Button } from '@mantine/core';
import { send, type Schemas } from '../../api/client';
import { useChange } from '../../parts/said';
import { ErrorNote } from '../../parts/states';
import { t } from '../../text';

const words = t.assignments;

interface Props {
  readonly appId: string;
  readonly user: Schemas['AppUser'];
  readonly name: string;
}

/** From a group to an assignment of one's own, with the values the group gives now, and back. */
export function ConvertButton({ appId, user, name }: Props) {
  const byGroup = user.scope === 'GROUP';
  const convert = useChange(async () => {
    if (byGroup) {
      const body = { action: 'override', users: [user.id] };
      await send('post', '/usher/v1/apps/{appId}/assignment-runs', { path: { appId }, body });
    } else {
      const path = { appId, userId: user.id };
      await send('post', '/api/v1/apps/{appId}/users/{userId}', { path, body: { scope: 'GROUP' } });
    }
  }, words.converted);
  const label = byGroup ? words.makeIndividual : words.toGroups;
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        loading={convert.isPending}
        aria-label={t.common.actionOn(label, name)}
        onClick={() => convert.mutate(undefined)}
      >
        {label}
      </Button>
      <ErrorNote error={convert.error} />
    </>
  );
}
