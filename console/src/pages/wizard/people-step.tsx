import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQueries, useQueryClient } from '@tanstack/react-query';
import { get, send } from '../../api/client';
import { nameOf } from '../../parts/person';
import { PickButton } from '../../parts/pick';
import { ErrorNote } from '../../parts/states';
import { t } from '../../text';
import { StepCard } from './step-card';
import { useKeep, type Wizard } from './steps';
import type { StepProps } from './wizard';

type Chosen = NonNullable<Wizard['draft']['assignments']>;
const nobody: Chosen = { userIds: [], groupIds: [] };

/** Who gets the app when it is turned on. Each choice is kept at once. */
export function PeopleStep({ wizard, goTo }: StepProps) {
  const keep = useKeep();
  const queries = useQueryClient();
  const path = { wizardId: wizard.id };
  const chosen = wizard.draft.assignments ?? nobody;
  const change = useMutation({
    mutationFn: async (revise: (now: Chosen) => Chosen) => {
      // Two picks in a row: the second begins with what the first has kept.
      const now = queries.getQueryData<Wizard>(['wizard', wizard.id])?.draft.assignments ?? nobody;
      await keep(await send('put', '/usher/v1/wizards/{wizardId}/assignments', { path, body: revise(now) }));
    },
    scope: { id: 'wizard-assignments' },
  });
  const goOn = useMutation({
    mutationFn: async () => {
      if (wizard.draft.assignments === undefined) await change.mutateAsync((now) => now);
      goTo('review');
    },
  });
  const names = useNames(chosen);
  return (
    <StepCard
      step="people"
      onBack={() => goTo('match')}
      forward={
        <Button loading={goOn.isPending} onClick={() => goOn.mutate()}>
          {t.common.goOn}
        </Button>
      }
    >
      <Stack>
        <Text size="sm">{t.wizard.peopleWhat}</Text>
        <Group gap="sm">
          <PickButton
            kind="people"
            label={t.wizard.addPeople}
            action={t.common.add}
            onPick={(id) => change.mutateAsync((now) => ({ ...now, userIds: [...now.userIds, id] }))}
          />
          <PickButton
            kind="groups"
            label={t.wizard.addGroups}
            action={t.common.add}
            onPick={(id) => change.mutateAsync((now) => ({ ...now, groupIds: [...now.groupIds, id] }))}
          />
        </Group>
        <ErrorNote error={change.error ?? goOn.error} />
        {chosen.userIds.length + chosen.groupIds.length === 0 && (
          <Text size="sm" c="var(--mantine-color-dimmed)">
            {t.wizard.nobody}
          </Text>
        )}
        <Picked
          title={t.wizard.chosenPeople}
          ids={chosen.userIds}
          names={names}
          onRemove={(id) => change.mutate((now) => ({ ...now, userIds: now.userIds.filter((each) => each !== id) }))}
        />
        <Picked
          title={t.wizard.chosenGroups}
          ids={chosen.groupIds}
          names={names}
          onRemove={(id) => change.mutate((now) => ({ ...now, groupIds: now.groupIds.filter((each) => each !== id) }))}
        />
      </Stack>
    </StepCard>
  );
}

interface PickedProps {
  readonly title: string;
  readonly ids: readonly string[];
  readonly names: ReadonlyMap<string, string>;
  readonly onRemove: (id: string) => void;
}

function Picked({ title, ids, names, onRemove }: PickedProps) {
  if (ids.length === 0) return null;
  return (
    <section aria-label={title}>
      <Title order={3} size="h5" mb="xs">
        {title}
      </Title>
      <ul className="u-picked">
        {ids.map((id) => (
          <li key={id}>
            <span>{names.get(id) ?? id}</span>
            <Button
              size="compact-sm"
              variant="default"
              aria-label={t.common.removeNamed(names.get(id) ?? id)}
              onClick={() => onRemove(id)}
            >
              {t.common.remove}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Names by id; of what is not there any more there is none. */
function useNames({ userIds, groupIds }: Chosen): ReadonlyMap<string, string> {
  const people = useQueries({
    queries: userIds.map((userId) => ({
      queryKey: ['user', userId],
      queryFn: () => get('/api/v1/users/{userId}', { path: { userId } }),
    })),
  });
  const groups = useQueries({
    queries: groupIds.map((groupId) => ({
      queryKey: ['group', groupId],
      queryFn: () => get('/api/v1/groups/{groupId}', { path: { groupId } }),
    })),
  });
  return new Map([
    ...people.flatMap(({ data }) => (data === undefined ? [] : [[data.id, nameOf(data.profile)] as const])),
    ...groups.flatMap(({ data }) => (data === undefined ? [] : [[data.id, String(data.profile['name'])] as const])),
  ]);
}
