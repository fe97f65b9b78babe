import { Link } from 'react-router';
import { ListTable, useList } from './list';
import { RunStatus } from './run-progress';
import { Empty } from './states';
import { Time } from './time';
import { t } from '../text';

/** Bulk work, all of it or that on one app, the newest first. */
export function RunList(props: { readonly label: string; readonly empty: string; readonly appId?: string }) {
  const list = useList('/usher/v1/runs', { query: { appId: props.appId } });
  return (
    <div className="u-surface">
      <ListTable
        label={props.label}
        list={list}
        keyOf={(run) => run.id}
        empty={<Empty what={props.empty} />}
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
  );
}
