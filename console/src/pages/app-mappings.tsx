import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { send, type Schemas } from '../api/client';
import { mappingQuery } from '../api/mapping';
import { useMay } from '../frame/session';
import { Card } from '../parts/page';
import { SamplePerson } from '../parts/sample-person';
import { Empty, ErrorNote, Waiting } from '../parts/states';
import { Table, type Column } from '../parts/table';
import { t } from '../text';
import { MappingDialog, type Edited } from './mapping-dialog';

type App = Schemas['Application'];
type Row = readonly [attribute: string, mapped: Schemas['ProfileMapping']['properties'][string]];

/** Which attribute of the account comes from where, and what that gives for somebody. */
export function AppMappings({ app }: { readonly app: App }) {
  const may = useMay();
  const [userId, setUserId] = useState<string | null>(null);
  const [edited, setEdited] = useState<Edited>();
  const mapping = useQuery(mappingQuery(app.id));
  const preview = useQuery({
    queryKey: ['preview', app.id, userId, mapping.data],
    queryFn: () =>
      send('post', '/usher/v1/apps/{appId}/mappings/preview', { path: { appId: app.id }, body: { userId } }),
    enabled: userId !== null && may('mappings.manage'),
  });
  if (mapping.data === undefined) {
    return mapping.error === null ? (
      <Waiting />
    ) : (
      <ErrorNote error={mapping.error} retry={() => void mapping.refetch()} />
    );
  }
  const rows: readonly Row[] = Object.entries(mapping.data?.properties ?? {}).sort(([a], [b]) =>
    a.localeCompare(b, t.locale),
  );
  if (mapping.data === null || rows.length === 0) return <Empty what={t.mappings.none} />;
  const results = new Map(preview.data?.attributes.map((result) => [result.attribute, result]));
  const result: Column<Row> = {
    title: t.mappings.result,
    cell: ([attribute]) => results.get(attribute)?.error ?? String(results.get(attribute)?.value ?? t.mappings.noValue),
  };
  const actions: Column<Row> = {
    title: t.common.actions,
    cell: ([attribute, { expression, pushStatus }]) => (
      <Button
        size="compact-sm"
        variant="default"
        aria-label={t.common.actionOn(t.common.edit, attribute)}
        onClick={() => setEdited({ attribute, expression, pushStatus })}
      >
        {t.common.edit}
      </Button>
    ),
  };
  return (
    <Card title={t.mappings.title}>
      {may('mappings.manage') && <SamplePerson label={t.mappings.preview} userId={userId} onChoose={setUserId} />}
      <ErrorNote error={preview.error} />
      <Table
        label={t.mappings.title}
        flush
        items={rows}
        keyOf={([attribute]) => attribute}
        columns={[
          { title: t.mappings.attribute, cell: ([attribute]) => attribute, mono: true },
          { title: t.mappings.expression, cell: ([, { expression }]) => expression, mono: true },
          { title: t.mappings.when, cell: ([, { pushStatus }]) => t.mappings.pushStatus[pushStatus] },
          ...(preview.data === undefined ? [] : [result]),
          ...(may('mappings.manage') ? [actions] : []),
        ]}
      />
      {edited !== undefined && (
        <MappingDialog
          appId={app.id}
          mappingId={mapping.data.id}
          edited={edited}
          userId={userId}
          onChoose={setUserId}
          onClose={() => setEdited(undefined)}
        />
      )}
    </Card>
  );
}
