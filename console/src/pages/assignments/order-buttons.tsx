import { Button, Group } from '@mantine/core';
import { send, type Schemas } from '../../api/client';
import { useChange } from '../../parts/said';
import { ErrorNote } from '../../parts/states';
import { t } from '../../text';

const words = t.assignments;

type Assigned = Schemas['ApplicationGroupAssignment'];

interface Props {
  readonly appId: string;
  readonly group: Assigned;
  readonly name: string;
  /** All that are shown, the best priority first. */
  readonly groups: readonly Assigned[];
}

/** Changes places with the group before or after. The buttons stay where they are, and so does the focus. */
export function OrderButtons({ appId, group, name, groups }: Props) {
  const place = groups.findIndex(({ id }) => id === group.id);
  const change = useChange((other: Assigned) => {
    const body = [
      { groupId: group.id, priority: other.priority },
      { groupId: other.id, priority: group.priority },
    ];
    return send('put', '/usher/v1/apps/{appId}/group-priorities', { path: { appId }, body });
  }, words.moved);
  return (
    <>
      <Group gap={4} wrap="nowrap">
        {(
          [
            [words.up, groups[place - 1]],
            [words.down, groups[place + 1]],
          ] as const
        ).map(([label, other]) => (
          <Button
            key={label}
            size="compact-sm"
            variant="default"
            // Not `disabled`, which would throw out the focus of who moves a group to the end.
            data-disabled={other === undefined}
            aria-disabled={other === undefined}
            aria-label={t.common.actionOn(label, name)}
            onClick={() => other !== undefined && !change.isPending && change.mutate(other)}
          >
            {label}
          </Button>
        ))}
      </Group>
      <ErrorNote error={change.error} />
    </>
  );
}
