import { Link } from 'react-router';
import { ListTable, useList } from '../parts/list';
import { PageBody } from '../parts/page';
import { RunStatus } from '../parts/run-progress';
import { Empty } from '../parts/states';
import { Time } from '../parts/time';
import { t } from '../text';

export function RunsPage() {
  const list = useList('/usher/v1/runs', {});
  return (
    <PageBody title={t.runs.title}>
      <div className="u-surface">
        <ListTable
          label={t.runs.title}
          list={list}
          keyOf={(run) => run.id}
          empty={<Empty what={t.runs.empty} />}
          columns={[
            {
              title: t.runs.kind,
              cell: (run) => (
                <Link className="u-link" to={`/admin/runs/${run.id}`}>
                  {t.runs.kinds[run.kind] ?? run.kind}
                </Link>
              ),
            },
            { title: t.runs.status, cell: (run) => <RunStatus run={run} /> },
            { title: t.runs.startedBy, cell: (run) => run.startedBy.displayName },
            { title: t.runs.started, cell: (run) => <Time at={run.started} /> },
          ]}
        />
      </div>
    </PageBody>
  );
}
