import { useParams } from 'react-router';
import { send, type Schemas } from '../api/client';
import { useMay } from '../frame/session';
import { ConfirmButton } from '../parts/confirm';
import { Facts, type Fact } from '../parts/facts';
import { ListTable, useList } from '../parts/list';
import { Card, PageBody } from '../parts/page';
import { useChange } from '../parts/said';
import { isOver, RunProgress, useRun } from '../parts/run-progress';
import { Empty, ErrorNote } from '../parts/states';
import { Time } from '../parts/time';
import { Unread } from '../parts/unread';
import { t } from '../text';
import { Button } from '@mantine/core';

const above = { to: '/admin/runs', label: t.runs.title };

function factsOf(run: Schemas['Run']): readonly Fact[] {
  const { rate, secondsLeft, writes } = run;
  const perWrite = ({ count, p50Ms, p95Ms }: NonNullable<typeof writes>): readonly Fact[] => [
    [t.runs.half, t.runs.milliseconds(p50Ms)],
    [t.runs.most, t.runs.milliseconds(p95Ms)],
    [t.runs.writes, count.toLocaleString(t.locale)],
  ];
  return [
    [t.runs.startedBy, run.startedBy.displayName],
    [t.runs.started, <Time key="started" at={run.started} />],
    ...(run.finished === null ? [] : [[t.runs.ended, <Time key="ended" at={run.finished} />] as const]),
    ...(rate === null ? [] : [[t.runs.rate, t.runs.perSecond(rate)] as const]),
    ...(secondsLeft === null || isOver(run) ? [] : [[t.runs.left, t.runs.secondsLeft(secondsLeft)] as const]),
    ...(writes == null ? [] : perWrite(writes)),
  ];
}

export function RunPage() {
  const { runId = '' } = useParams();
  const { data: run, error, refetch } = useRun(runId);
  const may = useMay();
  const path = { path: { runId } };
  const pause = useChange(() => send('post', '/usher/v1/runs/{runId}/pause', path));
  const resume = useChange(() => send('post', '/usher/v1/runs/{runId}/resume', path));
  const problems = useList('/usher/v1/runs/{runId}/problems', path);
  if (run === undefined) return <Unread above={above} error={error} retry={() => void refetch()} />;
  return (
    <PageBody
      title={t.runs.kinds[run.kind] ?? run.kind}
      above={[above]}
      actions={
        !isOver(run) &&
        run.appId !== null &&
        may('apps.assign') && (
          <>
            {run.status === 'PAUSED' ? (
              <Button onClick={() => resume.mutate(undefined)}>{t.runs.resume}</Button>
            ) : (
              <Button variant="default" onClick={() => pause.mutate(undefined)}>
                {t.runs.pause}
              </Button>
            )}
            <ConfirmButton
              danger
              label={t.runs.cancel}
              title={t.runs.cancelTitle}
              consequence={t.runs.cancelWhat}
              onConfirm={() => send('post', '/usher/v1/runs/{runId}/cancel', path)}
            />
          </>
        )
      }
    >
      <ErrorNote error={pause.error ?? resume.error} />
      <Card title={t.runs.status}>
        <RunProgress run={run} />
        <div style={{ marginBlockStart: 16, maxInlineSize: 560 }}>
          <Facts label={t.runs.speed} facts={factsOf(run)} />
        </div>
      </Card>
      <div className="u-surface">
        <ListTable
          label={t.runs.problems}
          list={problems}
          keyOf={(problem) => JSON.stringify(problem)}
          empty={<Empty what={t.runs.noProblems} />}
          columns={[
            { title: t.runs.item, cell: (problem) => problem.item ?? '' },
            { title: t.runs.reason, cell: (problem) => problem.reason },
          ]}
        />
      </div>
    </PageBody>
  );
}
