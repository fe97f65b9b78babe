import { Button, Checkbox, Group, Select, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get } from '../../api/client';
import { useMay } from '../../frame/session';
import { useAddress } from '../../parts/address';
import { ConfirmButton } from '../../parts/confirm';
import { PageBody } from '../../parts/page';
import { useChange } from '../../parts/said';
import { Empty, ErrorNote, Waiting } from '../../parts/states';
import { Table, type Column } from '../../parts/table';
import { t } from '../../text';
import { AttributeDialog } from './attribute-dialog';
import { DiscoveredDialog } from './discovered-dialog';
import { isApp, loadSchema, saveAttributes, type Attribute, type Owner } from './schema';

const words = t.profileEditor;

interface Row {
  readonly name: string;
  readonly attribute: Attribute;
  readonly isCustom: boolean;
}

/** Which attributes people, groups, and people in each app have. */
export function ProfileEditorPage() {
  const may = useMay();
  const { get: addressed, set } = useAddress();
  const owner = addressed('of') ?? 'user';
  const ofApp = isApp(owner);
  const mayChange = may(ofApp ? 'apps.manage' : 'schemas.manage');
  const [edited, setEdited] = useState<Row | 'new'>();
  const [discovering, setDiscovering] = useState(false);
  const schema = useQuery({ queryKey: ['schema', owner], queryFn: () => loadSchema(owner) });
  const apps = useQuery({ queryKey: ['schema-apps'], queryFn: () => get('/api/v1/apps', { query: { limit: 200 } }) });
  return (
    <PageBody
      title={words.title}
      actions={
        mayChange && (
          <>
            {ofApp && (
              <Button variant="default" onClick={() => setDiscovering(true)}>
                {words.discover}
              </Button>
            )}
            <Button onClick={() => setEdited('new')}>{words.add}</Button>
          </>
        )
      }
    >
      <Text c="var(--mantine-color-dimmed)" size="sm" mb="md" maw={720}>
        {words.what}
      </Text>
      <div className="u-surface">
        <Group p="md">
          <Select
            label={words.of}
            searchable
            allowDeselect={false}
            data={[
              { value: 'user', label: words.people },
              { value: 'group', label: words.groups },
              ...(apps.data ?? []).map(({ id, label }) => ({ value: id, label })),
            ]}
            value={owner}
            onChange={(value) => set('of', value === 'user' ? null : value)}
          />
        </Group>
        {schema.data === undefined ? (
          schema.error === null ? (
            <Waiting />
          ) : (
            <ErrorNote error={schema.error} />
          )
        ) : (
          <Attributes owner={owner} rows={rowsOf(schema.data)} mayChange={mayChange} onEdit={setEdited} />
        )}
      </div>
      {edited !== undefined && (
        <AttributeDialog
          owner={owner}
          edited={edited === 'new' ? undefined : edited}
          onClose={() => setEdited(undefined)}
        />
      )}
      {discovering && <DiscoveredDialog appId={owner} onClose={() => setDiscovering(false)} />}
    </PageBody>
  );
}

interface AttributesProps {
  readonly owner: Owner;
  readonly rows: readonly Row[];
  readonly mayChange: boolean;
  readonly onEdit: (row: Row) => void;
}

function Attributes({ owner, rows, mayChange, onEdit }: AttributesProps) {
  const ofApp = isApp(owner);
  if (rows.length === 0) return <Empty what={words.empty} />;
  const place: Column<Row> = { title: words.place, cell: ({ attribute }) => attribute.externalName, mono: true };
  const actions: Column<Row> = {
    title: t.common.actions,
    cell: (row) => row.isCustom && <Actions owner={owner} row={row} onEdit={onEdit} />,
  };
  return (
    <Table
      label={words.title}
      items={rows}
      keyOf={({ name }) => name}
      columns={[
        { title: words.attribute, cell: (row) => <Name row={row} /> },
        { title: words.type, cell: ({ attribute }) => words.types[attribute.type] },
        { title: words.required, cell: ({ attribute }) => (attribute.required === true ? t.common.yes : t.common.no) },
        ...(ofApp ? [place] : []),
        { title: words.origin, cell: ({ isCustom }) => (isCustom ? words.custom : words.base) },
        ...(mayChange ? [actions] : []),
      ]}
    />
  );
}

function Name({ row: { name, attribute } }: { readonly row: Row }) {
  return (
    <>
      <Text size="sm" fw={550}>
        {attribute.title}
      </Text>
      <span className="u-mono">{name}</span>
    </>
  );
}

function Actions({ owner, row, onEdit }: Pick<AttributesProps, 'owner' | 'onEdit'> & { readonly row: Row }) {
  const [force, setForce] = useState(false);
  const remove = useChange(() => saveAttributes(owner, { [row.name]: null }, force), words.saved);
  return (
    <Group gap="xs" wrap="nowrap">
      <Button
        size="compact-sm"
        variant="default"
        aria-label={t.common.actionOn(t.common.edit, row.name)}
        onClick={() => onEdit(row)}
      >
        {t.common.edit}
      </Button>
      <ConfirmButton
        danger
        size="compact-sm"
        label={t.common.remove}
        accessibleLabel={t.common.removeNamed(row.name)}
        title={words.removeTitle(row.name)}
        consequence={
          <Stack gap="sm">
            <span>{words.removeWhat}</span>
            {owner !== 'group' && (
              <Checkbox
                label={words.force}
                checked={force}
                onChange={(event) => setForce(event.currentTarget.checked)}
              />
            )}
          </Stack>
        }
        onConfirm={() => remove.mutateAsync(undefined)}
      />
    </Group>
  );
}

/** Custom attributes first: they are the ones that can be changed. */
function rowsOf({ definitions: { base, custom } }: Awaited<ReturnType<typeof loadSchema>>): readonly Row[] {
  const required = new Set([...(base.required ?? []), ...(custom.required ?? [])]);
  const rows = (properties: Readonly<Record<string, Attribute>>, isCustom: boolean) =>
    Object.entries(properties)
      .map(([name, attribute]) => ({
        name,
        isCustom,
        attribute: { ...attribute, required: required.has(name) || attribute.required === true },
      }))
      .toSorted((a, b) => a.attribute.title.localeCompare(b.attribute.title));
  return [...rows(custom.properties, true), ...rows(base.properties, false)];
}
