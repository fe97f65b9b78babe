import { Text } from '@mantine/core';
import { Link } from 'react-router';
import { ListTable, useList } from '../../parts/list';
import { PageBody } from '../../parts/page';
import { Empty } from '../../parts/states';
import { t } from '../../text';

const words = t.reports;

/** The questions there are answers to. */
export function ReportsPage() {
  const list = useList('/usher/v1/reports', {}, { live: false });
  return (
    <PageBody title={words.title}>
      <Text c="var(--mantine-color-dimmed)" size="sm" mb="md" maw={720}>
        {words.what}
      </Text>
      <div className="u-surface">
        <ListTable
          label={words.list}
          list={list}
          keyOf={({ name }) => name}
          empty={<Empty what={words.empty} />}
          columns={[
            {
              title: words.report,
              cell: ({ name }) => (
                <Link className="u-link" to={`/admin/reports/${name}`}>
                  {words.names[name]}
                </Link>
              ),
            },
            { title: words.answers, cell: ({ name }) => words.whats[name], prose: true },
          ]}
        />
      </div>
    </PageBody>
  );
}
