import { Button, Group, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { send } from '../../api/client';
import { SamplePerson } from '../../parts/sample-person';
import { SearchSelect } from '../../parts/search-select';
import { ErrorNote } from '../../parts/states';
import { t } from '../../text';
import { MappingDialog, type Edited } from './mapping-dialog';
import { MappingTable } from './mapping-table';
import { StepCard } from './step-card';
import { useKeep, type Wizard } from './steps';
import type { StepProps } from './wizard';

/** Where each value comes from, beside what it gives for somebody. Every change is kept at once. */
export function MappingsStep({ wizard, goTo }: StepProps) {
  const keep = useKeep();
  const [userId, setUserId] = useState<string | null>(null);
  const [edited, setEdited] = useState<Edited>();
  const path = { wizardId: wizard.id };
  const put = async (body: object) => keep(await send('put', '/usher/v1/wizards/{wizardId}/mappings', { path, body }));
  const change = useMutation({ mutationFn: put });
  const goOn = useMutation({
    mutationFn: async () => {
      if (!wizard.draft.done.includes('mappings')) await put({});
      goTo('match');
    },
  });
  const preview = useQuery({
    queryKey: ['wizard-preview', wizard.id, userId, wizard.draft.mappings, wizard.draft.userNameTemplate],
    queryFn: () =>
      send('post', '/usher/v1/wizards/{wizardId}/preview', { path, body: userId === null ? {} : { userId } }),
  });
  const sample = preview.data?.[0];
  return (
    <StepCard
      step="mappings"
      onBack={() => goTo('capabilities')}
      forward={
        <Button loading={goOn.isPending} onClick={() => goOn.mutate()}>
          {t.common.goOn}
        </Button>
      }
    >
      <Text size="sm" mb="md">
        {t.wizard.mappingsWhat}
      </Text>
      <SamplePerson userId={userId} onChoose={setUserId} />
      <ErrorNote error={change.error ?? goOn.error ?? preview.error} />
      {preview.data?.length === 0 && <Text size="sm">{t.wizard.nobodyYet}</Text>}
      {sample !== undefined && sample.missing.length > 0 && (
        <div className="u-note" data-tone="warn" role="status">
          <Text size="sm">{t.wizard.missing(sample.user.login, sample.missing.join(', '))}</Text>
        </div>
      )}
      <MappingTable
        wizard={wizard}
        sample={sample}
        onEdit={setEdited}
        onRemove={(attribute) => change.mutate({ properties: { [attribute]: null } })}
      />
      <Unmapped wizard={wizard} onAdd={(attribute) => setEdited({ attribute, expression: '', pushStatus: 'PUSH' })} />
      {edited !== undefined && (
        <MappingDialog
          wizardId={wizard.id}
          edited={edited}
          userId={userId}
          onChoose={setUserId}
          onSave={put}
          onClose={() => setEdited(undefined)}
        />
      )}
    </StepCard>
  );
}

/** What the app keeps and nothing is sent for. */
function Unmapped({ wizard, onAdd }: { readonly wizard: Wizard; readonly onAdd: (attribute: string) => void }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const { attributes = {}, mappings = {} } = wizard.draft;
  const names = Object.keys(attributes).filter((name) => name !== 'userName' && !Object.hasOwn(mappings, name));
  if (names.length === 0) return null;
  return (
    <>
      <Text size="sm" mt="lg" c="var(--mantine-color-dimmed)">
        {t.wizard.unmapped(names.length)}
      </Text>
      <Group align="flex-end" mt="xs">
        <SearchSelect
          label={t.wizard.addChoose}
          data={names.map((name) => ({ value: name, label: name }))}
          value={chosen}
          onChange={setChosen}
          nothing={t.apps.nothing}
        />
        <Button
          variant="default"
          disabled={chosen === null}
          onClick={() => {
            if (chosen !== null) onAdd(chosen);
            setChosen(null);
          }}
        >
          {t.wizard.addMapping}
        </Button>
      </Group>
    </>
  );
}
