import { Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { get } from '../api/client';
import { Badge } from '../parts/badge';
import { Card } from '../parts/page';
import { t } from '../text';

const steps = ['added', 'connected', 'mapped', 'assigned', 'provisioned'] as const;

/** What is left from nothing to the first account; nothing once that is there. */
export function SetUpCard() {
  const { data } = useQuery({
    queryKey: ['set-up'],
    queryFn: () => get('/usher/v1/set-up', { unattended: true }),
  });
  if (data === undefined || steps.every((step) => data[step])) return null;
  const next = steps.find((step) => !data[step]);
  const done = steps.filter((step) => data[step]).length;
  return (
    <Card title={t.home.setUp} actions={<Text size="sm">{t.home.setUpDone(done, steps.length)}</Text>}>
      <Text size="sm" mb="sm" c="var(--mantine-color-dimmed)">
        {t.home.setUpWhat}
      </Text>
      <ol className="u-checklist">
        {steps.map((step) => (
          <li key={step}>
            <Group justify="space-between" gap="xs">
              <Group gap="sm" wrap="nowrap">
                <Badge tone={data[step] ? 'good' : step === next ? 'info' : 'quiet'}>
                  {data[step] ? t.home.stepDone : t.home.stepOpen}
                </Badge>
                <Text fw={step === next ? 600 : 400}>{t.home.steps[step].name}</Text>
              </Group>
              {step === next && (
                <Link className="u-link" to={placeOf(step, data.appId)}>
                  {t.home.steps[step].action}
                </Link>
              )}
            </Group>
          </li>
        ))}
      </ol>
    </Card>
  );
}

function placeOf(step: (typeof steps)[number], appId: string | null): string {
  if (step === 'added' || appId === null) return '/admin/applications/catalog';
  const tabs = {
    connected: 'provisioning',
    mapped: 'provisioning',
    assigned: 'assignments',
    provisioned: 'overview',
  };
  return `/admin/applications/${appId}/${tabs[step]}`;
}
