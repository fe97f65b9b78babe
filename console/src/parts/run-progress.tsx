import { Group, Progress, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { get, type Schemas } from '../api/client';
import { t } from '../text';
import { Badge, type Tone } from './badge';

type Run = Schemas['Run'];

const tones: Readonly<Record<string, Tone>> = {
  RUNNING: 'info',
  PAUSED: 'warn',
  SUCCEEDED: 'good',
  FAILED: 'bad',
  REFUSED: 'bad',
  CANCELLED: 'quiet',
};

/** A run, looked at again whenever it has gone on (`frame/live`). */
export function useRun(runId: string | undefined) {
  return useQuery({
    queryKey: ['run', runId],
    queryFn: () => get('/usher/v1/runs/{runId}', { path: { runId: runId ?? '' }, unattended: true }),
    enabled: runId !== undefined,
  });
}

export function isOver(run: Run | undefined): boolean {
  return run !== undefined && run.finished !== null;
}

export function RunStatus({ run }: { readonly run: Run }) {
  return <Badge tone={tones[run.status] ?? 'quiet'}>{t.runs.statuses[run.status] ?? run.status}</Badge>;
}

/** How far it is, in exact numbers: a bar where the end is known. */
export function RunProgress({ run }: { readonly run: Run }) {
  const { done } = run;
  const counts = [
    ...Object.entries({ failed: run.failed, skipped: run.skipped, waiting: run.waiting ?? 0 }),
    ...Object.entries(run.counts),
  ].filter(([, count]) => count > 0);
  const share = isOver(run) ? 100 : run.total === null || run.total === 0 ? 0 : Math.min(100, (100 * done) / run.total);
  return (
    <Stack gap="sm">
      <Group>
        <RunStatus run={run} />
        <Text size="sm">{t.runs.progress(done, run.total)}</Text>
        {run.secondsLeft !== null && !isOver(run) && <Text size="sm">{t.runs.secondsLeft(run.secondsLeft)}</Text>}
      </Group>
      <Progress.Root size="lg">
        <Progress.Section
          value={share}
          animated={!isOver(run)}
          aria-label={t.runs.progressLabel}
          aria-valuetext={t.runs.progress(done, run.total)}
        />
      </Progress.Root>
      <Group gap="lg">
        {counts.map(([name, count]) => (
          <Text size="sm" key={name}>
            {t.runs.counts[name] ?? name}: <strong>{count.toLocaleString(t.locale)}</strong>
          </Text>
        ))}
      </Group>
    </Stack>
  );
}
