import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from 'react-router';
import { get, send } from '../../api/client';
import { useMay } from '../../frame/session';
import { ConfirmButton } from '../../parts/confirm';
import { Card, PageBody } from '../../parts/page';
import { useChange } from '../../parts/said';
import { Empty } from '../../parts/states';
import { Unread } from '../../parts/unread';
import { t } from '../../text';
import { CapabilitiesStep } from './capabilities-step';
import { ConnectionStep } from './connection-step';
import { MappingsStep } from './mappings-step';
import { MatchStep } from './match-step';
import { NameStep } from './name-step';
import { PeopleStep } from './people-step';
import { ReviewStep } from './review-step';
import { Stepper } from './stepper';
import { nextOf, reachOf, steps, useWizardAddress, type Step, type Wizard } from './steps';

/** From a name, an address and a credential to an app that is provisioned, with nothing sent before the last step. */
export function WizardPage() {
  const may = useMay();
  const { wizardId } = useWizardAddress();
  const { data, error, refetch } = useQuery({
    queryKey: ['wizard', wizardId],
    queryFn: () => get('/usher/v1/wizards/{wizardId}', { path: { wizardId: wizardId ?? '' } }),
    enabled: wizardId !== null,
  });
  const above = { to: '/admin/applications', label: t.apps.title };
  if (wizardId !== null && data === undefined) {
    return <Unread above={above} error={error} retry={() => void refetch()} />;
  }
  if (data?.status === 'DONE') {
    return (
      <PageBody title={t.wizard.titleOf(data.label)} above={[above]}>
        <Card>
          <Empty what={t.wizard.done(data.label)}>
            <Link className="u-link" to={`/admin/applications/${data.appId ?? ''}`}>
              {t.wizard.openApp}
            </Link>
          </Empty>
        </Card>
      </PageBody>
    );
  }
  return (
    <PageBody
      title={data === undefined ? t.wizard.title : t.wizard.titleOf(data.label)}
      above={[above]}
      actions={data !== undefined && may('apps.manage') && <Discard wizardId={data.id} />}
    >
      <Text size="sm" mb="md" c="var(--mantine-color-dimmed)">
        {t.wizard.saved}
      </Text>
      <Steps wizard={data} />
    </PageBody>
  );
}

function Steps({ wizard }: { readonly wizard: Wizard | undefined }) {
  const { step, open } = useWizardAddress();
  const reach = steps.indexOf(reachOf(wizard));
  const wanted = step ?? nextOf(wizard);
  const shown = steps[Math.min(steps.indexOf(wanted), reach)] ?? 'name';
  const goTo = (next: Step) => wizard !== undefined && open(wizard.id, next);
  return (
    <>
      <Stepper shown={shown} reach={reach} onGo={goTo} />
      {wizard === undefined || shown === 'name' ? (
        <NameStep wizard={wizard} />
      ) : (
        <ShownStep key={`${wizard.id} ${shown}`} step={shown} wizard={wizard} goTo={goTo} />
      )}
    </>
  );
}

export interface StepProps {
  readonly wizard: Wizard;
  readonly goTo: (step: Step) => void;
}

function ShownStep({ step, ...props }: StepProps & { readonly step: Exclude<Step, 'name'> }) {
  switch (step) {
    case 'connection':
      return <ConnectionStep {...props} />;
    case 'capabilities':
      return <CapabilitiesStep {...props} />;
    case 'mappings':
      return <MappingsStep {...props} />;
    case 'match':
      return <MatchStep {...props} />;
    case 'people':
      return <PeopleStep {...props} />;
    case 'review':
      return <ReviewStep {...props} />;
  }
}

function Discard({ wizardId }: { readonly wizardId: string }) {
  const navigate = useNavigate();
  const discard = useChange(async () => {
    await send('delete', '/usher/v1/wizards/{wizardId}', { path: { wizardId } });
    await navigate('/admin/applications');
  }, t.wizard.discarded);
  return (
    <ConfirmButton
      danger
      label={t.wizard.discard}
      title={t.wizard.discardTitle}
      consequence={t.wizard.discardWhat}
      onConfirm={() => discard.mutateAsync(undefined)}
    />
  );
}
