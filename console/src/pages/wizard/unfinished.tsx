import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { ListTable, useList } from '../../parts/list';
import { Card } from '../../parts/page';
import { Time } from '../../parts/time';
import { t } from '../../text';
import { nextOf } from './steps';

/** Wizards that were left: nothing is sent to their apps yet. */
export function Unfinished() {
  const list = useList('/usher/v1/wizards', { query: { status: 'OPEN' } });
  if (list.items === undefined || list.items.length === 0) return null;
  return (
    <Card title={t.wizard.unfinished}>
      <ListTable
        label={t.wizard.unfinished}
        list={list}
        keyOf={(wizard) => wizard.id}
        empty={null}
        columns={[
          {
            title: t.apps.name,
            cell: ({ id, label }) => (
              <Link className="u-link" to={`/admin/applications/new?wizard=${id}`}>
                {label}
              </Link>
            ),
          },
          { title: t.wizard.nextStep, cell: (wizard) => t.wizard.names[nextOf(wizard)] },
          { title: t.wizard.startedBy, cell: ({ startedBy }) => String(startedBy['displayName'] ?? '') },
          { title: t.wizard.changed, cell: ({ lastUpdated }) => <Time at={lastUpdated} /> },
          {
            title: t.common.actions,
            cell: ({ id, label }) => (
              <Button
                component={Link}
                size="compact-sm"
                variant="default"
                to={`/admin/applications/new?wizard=${id}`}
                aria-label={t.wizard.continueNamed(label)}
              >
                {t.common.goOn}
              </Button>
            ),
          },
        ]}
      />
    </Card>
  );
}
