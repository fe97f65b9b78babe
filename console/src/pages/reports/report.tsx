import { Button, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { addressOf, get, type Schemas } from '../../api/client';
import { ListTable, useList } from '../../parts/list';
import { PageBody } from '../../parts/page';
import { Empty, ErrorNote, Waiting } from '../../parts/states';
import { t } from '../../text';
import { useSession } from '../../frame/session';
import { columnsOf } from './cells';
import { ReportChart } from './report-chart';
import { ReportFilters, useSelection } from './report-filters';

const words = t.reports;
const above = [{ to: '/admin/reports', label: words.title }];

export function ReportPage() {
  const { report: name = '' } = useParams();
  const { data, error, refetch } = useQuery({ queryKey: ['reports'], queryFn: () => get('/usher/v1/reports') });
  const report = data?.find((each) => each.name === name);
  if (report !== undefined) return <Report key={name} report={report} />;
  return (
    <PageBody title={words.title} above={above}>
      {data !== undefined && <Empty what={words.unknown} />}
      {data === undefined && (error === null ? <Waiting /> : <ErrorNote error={error} retry={() => void refetch()} />)}
    </PageBody>
  );
}

/** One report: as a chart where looking beats reading, as a table, and as a file of all of it. */
function Report({ report }: { readonly report: Schemas['Report'] }) {
  const { permissions } = useSession();
  const selection = useSelection(report);
  const path = { name: report.name };
  const list = useList('/usher/v1/reports/{name}', { path, query: selection }, { live: false });
  const file = addressOf('/usher/v1/reports/{name}', { path, query: { ...selection, format: 'csv' } });
  return (
    <PageBody
      title={words.names[report.name]}
      above={above}
      actions={
        <Button component="a" download href={file}>
          {words.download}
        </Button>
      }
    >
      <Text c="var(--mantine-color-dimmed)" size="sm" mb="md" maw={720}>
        {words.whats[report.name]} {words.downloadWhat}
      </Text>
      {report.chart && <ReportChart name={report.name} selection={selection} />}
      <div className="u-surface">
        <ReportFilters report={report} />
        <ListTable
          label={words.names[report.name]}
          list={list}
          keyOf={(row) => JSON.stringify(row)}
          empty={<Empty what={words.empty} />}
          columns={columnsOf(report, permissions)}
        />
      </div>
    </PageBody>
  );
}
