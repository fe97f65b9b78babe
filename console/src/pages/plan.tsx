import { Button, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { get, send, type Schemas } from '../api/client';
import { useMay } from '../frame/session';
import { Facts, type Fact } from '../parts/facts';
import { Card, PageBody } from '../parts/page';
import { AppName, PlanStatus } from '../parts/plan-parts';
import { RunProgress, useRun } from '../parts/run-progress';
import { sayDone, useChange } from '../parts/said';
import { ErrorNote } from '../parts/states';
import { Time } from '../parts/time';
import { Unread } from '../parts/unread';
import { t } from '../text';
import { DuplicateSecret } from './app-duplicate';
import { PlanEntries } from './plan-entries';

type Plan = Schemas['Plan'];

const above = { to: '/admin/plans', label: t.plans.title };

export function PlanPage() {
  const { planId = '' } = useParams();
  const plan = useQuery({
    queryKey: ['plan', planId],
    queryFn: () => get('/usher/v1/plans/{planId}', { path: { planId } }),
  });
  if (plan.data === undefined) {
    return <Unread above={above} error={plan.error} retry={() => void plan.refetch()} />;
  }
  // Making a plan again leads to another one: nothing of this one stays.
  return <PlanBody plan={plan.data} key={planId} />;
}

/** What the change would do to whom, and making just that change. */
function PlanBody({ plan }: { readonly plan: Plan }) {
  const may = useMay();
  const path = { path: { planId: plan.id } };
  const navigate = useNavigate();
  const [shown, setShown] = useState<{ readonly appId: string; readonly secret: string }>();
  const goTo = async (appId: string) => navigate(`/admin/applications/${appId}/provisioning`);
  const apply = useChange(async () => {
    const { madeAppId, clientSecret } = await send('post', '/usher/v1/plans/{planId}/apply', path);
    sayDone(madeAppId === null ? t.plans.applied : t.plans.duplicated);
    if (madeAppId === null) return;
    if (clientSecret === undefined) await goTo(madeAppId);
    else setShown({ appId: madeAppId, secret: clientSecret });
  });
  const discard = useChange(() => send('post', '/usher/v1/plans/{planId}/discard', path), t.plans.discarded);
  const again = useChange(async () => {
    const made = await send('post', '/usher/v1/plans/{planId}/again', path);
    await navigate(`/admin/plans/${made.id}`);
  });
  const isOpen = ['COMPUTING', 'READY', 'FAILED'].includes(plan.status);
  const isShown = ['READY', 'APPLIED', 'DISCARDED'].includes(plan.status);
  return (
    <PageBody
      title={plan.title}
      above={[above]}
      actions={
        may('apps.assign') && (
          <>
            {plan.status !== 'COMPUTING' && (
              <Button variant="default" loading={again.isPending} onClick={() => again.mutate(undefined)}>
                {t.plans.again}
              </Button>
            )}
            {isOpen && (
              <Button variant="default" loading={discard.isPending} onClick={() => discard.mutate(undefined)}>
                {t.plans.discard}
              </Button>
            )}
            {plan.status === 'READY' && (
              <Button loading={apply.isPending} onClick={() => apply.mutate(undefined)}>
                {t.plans.apply}
              </Button>
            )}
          </>
        )
      }
    >
      <ErrorNote error={apply.error ?? discard.error ?? again.error} />
      <State plan={plan} />
      <Card>
        <Facts label={t.plans.summary} facts={factsOf(plan)} />
      </Card>
      {isShown && <PlanEntries plan={plan} />}
      {shown !== undefined && (
        <DuplicateSecret label={plan.title} secret={shown.secret} onKept={() => void goTo(shown.appId)} />
      )}
    </PageBody>
  );
}

/** What the state means, where it is not that the plan can be applied. */
function State({ plan }: { readonly plan: Plan }) {
  if (plan.status === 'COMPUTING' || plan.status === 'FAILED') return <Computation plan={plan} />;
  const notes =
    plan.status === 'APPLIED'
      ? [t.plans.appliedNote]
      : plan.status === 'DISCARDED'
        ? [t.plans.discardedNote]
        : plan.notes;
  return notes.map((note) => (
    <div
      className="u-note"
      data-tone={plan.status === 'APPLIED' ? 'good' : 'info'}
      key={note}
      style={{ marginBlockEnd: 20 }}
    >
      <Text size="sm">{note}</Text>
    </div>
  ));
}

function Computation({ plan }: { readonly plan: Plan }) {
  const { data: run } = useRun(plan.runId ?? undefined);
  return (
    <Card>
      <Text size="sm" mb="md">
        {plan.status === 'FAILED' ? t.plans.failed : t.plans.computing}
      </Text>
      {run !== undefined && <RunProgress run={run} />}
      {run?.problems?.map(({ reason }) => (
        <Text size="sm" mt="sm" c="var(--u-bad)" key={reason}>
          {reason}
        </Text>
      ))}
    </Card>
  );
}

function factsOf(plan: Plan): readonly Fact[] {
  const { requests, seconds, decided, decidedBy, madeAppId } = plan;
  const who = (name: string, at: string) => (
    <>
      {name}, <Time at={at} />
    </>
  );
  return [
    [t.plans.status, <PlanStatus status={plan.status} key="status" />],
    [t.plans.app, <AppLink appId={plan.appId} key="app" />],
    [t.plans.made, who(plan.createdBy.displayName, plan.created)],
    ...(decided === null ? [] : [[t.plans.decided, who(decidedBy?.displayName ?? '', decided)] as const]),
    ...(madeAppId === null ? [] : [[t.plans.duplicate, <AppLink appId={madeAppId} key="made" />] as const]),
    ...(seconds === null ? [] : [[t.plans.cost, t.plans.costIs(requests, seconds)] as const]),
  ];
}

function AppLink({ appId }: { readonly appId: string }) {
  return (
    <Link className="u-link" to={`/admin/applications/${appId}`}>
      <AppName appId={appId} />
    </Link>
  );
}
