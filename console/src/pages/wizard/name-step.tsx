import { Button, FileInput, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { get, send } from '../../api/client';
import { Logo } from '../../parts/app-logo';
import { ErrorNote } from '../../parts/states';
import { useUnsaved } from '../../parts/unsaved';
import { t } from '../../text';
import { StepCard } from './step-card';
import { useKeep, useWizardAddress, type Wizard } from './steps';

/** What the app is called and looks like; an app that is there keeps both. */
export function NameStep({ wizard }: { readonly wizard: Wizard | undefined }) {
  const address = useWizardAddress();
  const keep = useKeep();
  const existing = useExisting(wizard?.appId ?? address.appId);
  const [typed, setTyped] = useState<string>();
  const [file, setFile] = useState<File | null>(null);
  const kept = wizard?.label ?? existing?.label ?? address.label;
  const label = typed ?? kept;
  const { forget } = useUnsaved({ label, file: file?.name }, { label: kept });
  const save = useMutation({
    mutationFn: async () => {
      const named = await saveName(wizard, label, existing?.id);
      await keep(named);
      // From here on it is the one that was made, also when the picture is refused.
      forget();
      if (wizard === undefined) address.open(named.id, 'name');
      if (file !== null) {
        const text = { type: file.type === '' ? 'image/png' : file.type, content: file };
        await keep(await send('put', '/usher/v1/wizards/{wizardId}/logo', { path: { wizardId: named.id }, text }));
      }
      address.open(named.id, 'connection');
    },
  });
  const remove = useMutation({
    mutationFn: async (wizardId: string) =>
      keep(await send('delete', '/usher/v1/wizards/{wizardId}/logo', { path: { wizardId } })),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form onSubmit={submit}>
      <StepCard
        step="name"
        {...(wizard === undefined ? { leave: t.common.cancel } : {})}
        forward={
          <Button type="submit" loading={save.isPending} disabled={label.trim() === ''}>
            {t.common.goOn}
          </Button>
        }
      >
        <Stack maw={560}>
          <ErrorNote error={save.error ?? remove.error} />
          <TextInput
            label={t.wizard.label}
            description={existing === undefined ? t.wizard.labelWhat : t.wizard.labelKept}
            required
            readOnly={existing !== undefined}
            value={label}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          {existing === undefined && (
            <FileInput
              label={t.wizard.logo}
              description={t.wizard.logoWhat}
              placeholder={t.wizard.logoChoose}
              accept="image/png,image/jpeg,image/gif,image/svg+xml"
              clearable
              clearButtonProps={{ 'aria-label': t.common.clear }}
              value={file}
              onChange={setFile}
            />
          )}
          {wizard?.draft.logoType !== undefined && (
            <Group>
              <Logo
                src={`/usher/v1/wizards/${wizard.id}/logo?${encodeURIComponent(wizard.lastUpdated)}`}
                name={wizard.label}
                size={48}
              />
              <Text size="sm">{wizard.label}</Text>
              <Button size="compact-sm" variant="default" onClick={() => remove.mutate(wizard.id)}>
                {t.wizard.logoRemove}
              </Button>
            </Group>
          )}
        </Stack>
      </StepCard>
    </form>
  );
}

function useExisting(appId: string | null) {
  const { data } = useQuery({
    queryKey: ['app', appId],
    queryFn: () => get('/api/v1/apps/{appId}', { path: { appId: appId ?? '' } }),
    enabled: appId !== null,
  });
  return data;
}

async function saveName(wizard: Wizard | undefined, label: string, appId: string | undefined): Promise<Wizard> {
  if (wizard === undefined) {
    return send('post', '/usher/v1/wizards', { body: appId === undefined ? { label } : { appId } });
  }
  if (label.trim() === wizard.label) return wizard;
  return send('patch', '/usher/v1/wizards/{wizardId}', { path: { wizardId: wizard.id }, body: { label } });
}
