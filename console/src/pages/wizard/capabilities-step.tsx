import { Button, Stack, Switch } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { send } from '../../api/client';
import { ErrorNote } from '../../parts/states';
import { t } from '../../text';
import { StepCard } from './step-card';
import { useKeep } from './steps';
import type { StepProps } from './wizard';

const names = ['create', 'update', 'deactivate'] as const;

/** What Usher is to do in the app, as the test saw it work. */
export function CapabilitiesStep({ wizard, goTo }: StepProps) {
  const keep = useKeep();
  const path = { wizardId: wizard.id };
  const { provisioning, done } = wizard.draft;
  const change = useMutation({
    mutationFn: async (body: object) =>
      keep(await send('put', '/usher/v1/wizards/{wizardId}/capabilities', { path, body })),
  });
  const goOn = useMutation({
    mutationFn: async () => {
      if (!done.includes('capabilities')) await change.mutateAsync({});
      if (!done.includes('schema')) {
        await keep(await send('put', '/usher/v1/wizards/{wizardId}/schema', { path, body: {} }));
      }
      goTo('mappings');
    },
  });
  const seen = (name: (typeof names)[number]) => {
    const worked = wizard.report?.capabilities[name];
    return worked === undefined ? t.wizard.seen.untried : worked ? t.wizard.seen.yes : t.wizard.seen.no;
  };
  return (
    <StepCard
      step="capabilities"
      onBack={() => goTo('connection')}
      forward={
        <Button loading={goOn.isPending} onClick={() => goOn.mutate()}>
          {t.common.goOn}
        </Button>
      }
    >
      <Stack maw={560}>
        <ErrorNote error={change.error ?? goOn.error} />
        {names.map((name) => (
          <Switch
            key={name}
            label={t.app.switches[name].label}
            description={`${t.app.switches[name].what} ${seen(name)}`}
            checked={provisioning?.[name] ?? true}
            onChange={(event) => change.mutate({ [name]: event.currentTarget.checked })}
          />
        ))}
      </Stack>
    </StepCard>
  );
}
