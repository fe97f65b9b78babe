import { useParams } from 'react-router';
import { send } from '../api/client';
import { useMay } from '../frame/session';
import { ConfirmButton } from '../parts/confirm';
import { ListTable, useList } from '../parts/list';
import { Card, PageBody } from '../parts/page';
import { useChange } from '../parts/said';
import { isOver, RunProgress, useRun } from '../parts/run-progress';
import { Empty, ErrorNote, Waiting } from '../parts/states';
import { Time } from '../parts/time';
import { t } from '../text';
import { Button, Text } from '@mantine/core';

export function RunPage() {
  const { runId = '' } = useParams();
  const { data: run, error, refetch } = useRun(runId);
  const may = useMay();
  const path = { path: { runId } };
  const pause = useChange(() => send('post', '/usher/v1/runs/{runId}/pause', path));
  const resume = useChange(() => send('post', '/usher/v1/runs/{runId}/resume', path));
  const problems = useList('/usher/v1/runs/{runId}/problems', path);
  if (run === undefined) return error === null ? <Waiting /> : <ErrorNote error={error} retry={() => void refetch()} />;
  return (
    <PageBody
      title={t.runs.kinds[run.kind] ?? run.kind}
      above={[{ to: '/admin/runs', label: t.runs.title }]}
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
        <Text size="sm" mt="md" c="var(--mantine-color-dimmed)">
          {t.runs.startedBy}: {run.startedBy.displayName} · <Time at={run.started} />
        </Text>
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
