import { Button, Stack, Text } from '@mantine/core';
import { useQueryClient, useMutation } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { send } from '../../api/client';
import { sayDone } from '../../parts/said';
import { ErrorNote } from '../../parts/states';
import { t } from '../../text';
import { StepCard } from './step-card';
import type { Wizard } from './steps';
import type { StepProps } from './wizard';

/** What will be, and the one button from which on the app is written to. */
export function ReviewStep({ wizard, goTo }: StepProps) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const turnOn = useMutation({
    mutationFn: async () => {
      const app = await send('post', '/usher/v1/wizards/{wizardId}/turn-on', { path: { wizardId: wizard.id } });
      sayDone(t.wizard.turnedOn(app.label));
      await navigate(`/admin/applications/${app.id}/assignments`, { replace: true });
      await queries.invalidateQueries();
    },
  });
  return (
    <StepCard
      step="review"
      onBack={() => goTo('people')}
      forward={
        <Button loading={turnOn.isPending} onClick={() => turnOn.mutate()}>
          {t.wizard.turnOn}
        </Button>
      }
    >
      <Stack>
        <Text size="sm">{t.wizard.reviewWhat}</Text>
        <ErrorNote error={turnOn.error} />
        <dl className="u-facts">
          {factsOf(wizard).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </Stack>
    </StepCard>
  );
}

function factsOf({ label, draft }: Wizard): readonly (readonly [name: string, value: string])[] {
  const { connection, provisioning, mappings = {}, match, assignments } = draft;
  const names = (['create', 'update', 'deactivate'] as const).filter((name) => provisioning?.[name] === true);
  const send = names.map((name) => t.app.switches[name].label).join(', ');
  const counts = match && t.wizard.counts(match.exact, match.partial, match.ambiguous, match.none);
  return [
    [t.wizard.label, label],
    [t.wizard.facts.address, String(connection?.['baseUrl'] ?? '')],
    [t.wizard.facts.send, send === '' ? t.wizard.sendNothing : send],
    [t.wizard.facts.attributes, String(Object.keys(mappings).length)],
    [t.wizard.facts.accounts, counts === undefined || match?.accounts === 0 ? t.wizard.noAccounts : counts],
    [t.wizard.facts.people, t.wizard.recipients(assignments?.userIds.length ?? 0, assignments?.groupIds.length ?? 0)],
  ];
}
