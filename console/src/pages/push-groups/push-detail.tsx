import { Modal, Stack, Switch } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { get, send } from '../../api/client';
import { useMay } from '../../frame/session';
import { Facts } from '../../parts/facts';
import { useChange } from '../../parts/said';
import { ErrorNote, Waiting } from '../../parts/states';
import { Time } from '../../parts/time';
import { t } from '../../text';
import { nameOfPush, stateOf, type Pushed } from './pushed';

const words = t.pushGroups;

interface Props {
  readonly appId: string;
  readonly push: Pushed;
  readonly onClose: () => void;
}

/** One pushed group, its people counted, and whether its name follows. */
export function PushDetail({ appId, push, onClose }: Props) {
  const may = useMay();
  const path = { appId, pushId: push.id };
  const { data, error } = useQuery({
    queryKey: ['pushed-group', appId, push.id],
    queryFn: () => get('/usher/v1/apps/{appId}/group-push/mappings/{pushId}', { path }),
  });
  const follow = useChange(
    (follows: boolean) =>
      send('patch', '/usher/v1/apps/{appId}/group-push/mappings/{pushId}', {
        path,
        body: { namePolicy: follows ? 'SOURCE' : 'TARGET' },
      }),
    t.common.saved,
  );
  const title = words.detailTitle(nameOfPush(push));
  return (
    <Modal opened onClose={onClose} title={title} size="lg" closeButtonProps={{ 'aria-label': t.common.close }}>
      {data === undefined && (error === null ? <Waiting /> : <ErrorNote error={error} />)}
      {data !== undefined && (
        <Stack>
          <Facts
            label={title}
            facts={[
              [words.name, data.targetName],
              [words.state, stateOf(data)[1]],
              [words.members, words.membersOf(data.membersInApp, data.membersWanted)],
              [words.people, data.people.toLocaleString(t.locale)],
              [words.withoutAccount, data.withoutAccount.toLocaleString(t.locale)],
              [words.lastPush, <Time key="push" at={data.lastPush} />],
              ...(data.failingSince === null
                ? []
                : [[words.failingSince, <Time key="since" at={data.failingSince} />] as const]),
              [words.rule, data.ruleId === null ? t.common.no : t.common.yes],
            ]}
          />
          <ErrorNote error={follow.error} />
          <Switch
            label={words.follow}
            checked={data.namePolicy === 'SOURCE'}
            disabled={!may('apps.manage')}
            onChange={(event) => follow.mutate(event.currentTarget.checked)}
          />
        </Stack>
      )}
    </Modal>
  );
}
