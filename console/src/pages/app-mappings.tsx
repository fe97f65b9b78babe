import { Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { get, send, type Schemas } from '../api/client';
import { mappingQuery } from '../api/mapping';
import { useMay } from '../frame/session';
import { refuseOvertaken } from '../parts/meanwhile';
import { Card } from '../parts/page';
import { nameOf } from '../parts/person';
import { PreviewButton } from '../parts/preview';
import { useChange } from '../parts/said';
import { Empty, ErrorNote, Waiting } from '../parts/states';
import { t } from '../text';

type App = Schemas['Application'];
interface Edited {
  readonly attribute: string;
  readonly expression: string;
  readonly pushStatus: string;
}

/** Which attribute of the account comes from where, and what that gives for somebody. */
export function AppMappings({ app }: { readonly app: App }) {
  const may = useMay();
  const [userId, setUserId] = useState<string | null>(null);
  const [edited, setEdited] = useState<Edited>();
  const mapping = useQuery(mappingQuery(app.id));
  const people = useQuery({
    queryKey: ['mapping-people', app.id],
    queryFn: () => get('/api/v1/apps/{appId}/users', { path: { appId: app.id }, query: { limit: 20, expand: 'user' } }),
  });
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
  const rows = Object.entries(mapping.data?.properties ?? {});
  if (mapping.data === null || rows.length === 0) return <Empty what={t.mappings.none} />;
  const results = new Map(preview.data?.attributes.map((result) => [result.attribute, result]));
  return (
    <Card title={t.mappings.title}>
      {may('mappings.manage') && (
        <Select
          mb="md"
          maw={380}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': t.common.clear }}
          label={t.mappings.preview}
          placeholder={t.mappings.choose}
          nothingFoundMessage={t.people.nothing}
          data={(people.data ?? []).map(({ id, _embedded, credentials }) => ({
            value: id,
            label: _embedded === undefined ? (credentials.userName ?? id) : nameOf(_embedded.user.profile),
          }))}
          value={userId}
          onChange={setUserId}
        />
      )}
      <ErrorNote error={preview.error} />
      <div className="u-table-scroll" tabIndex={0} role="region" aria-label={t.mappings.title}>
        <table className="u-table">
          <thead>
            <tr>
              <th scope="col">{t.mappings.attribute}</th>
              <th scope="col">{t.mappings.expression}</th>
              <th scope="col">{t.mappings.when}</th>
              {preview.data !== undefined && <th scope="col">{t.mappings.result}</th>}
              {may('mappings.manage') && <th scope="col">{t.common.actions}</th>}
            </tr>
          </thead>
          <tbody>
            {rows.map(([attribute, { expression, pushStatus }]) => (
              <tr key={attribute}>
                <td className="u-mono">{attribute}</td>
                <td className="u-mono">{expression}</td>
                <td>{t.mappings.pushStatus[pushStatus]}</td>
                {preview.data !== undefined && (
                  <td>
                    {results.get(attribute)?.error ?? String(results.get(attribute)?.value ?? t.mappings.noValue)}
                  </td>
                )}
                {may('mappings.manage') && (
                  <td>
                    <Button
                      size="compact-sm"
                      variant="default"
                      aria-label={t.common.actionOn(t.common.edit, attribute)}
                      onClick={() => setEdited({ attribute, expression, pushStatus })}
                    >
                      {t.common.edit}
                    </Button>
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {edited !== undefined && (
        <EditMapping mappingId={mapping.data.id} edited={edited} onClose={() => setEdited(undefined)} />
      )}
    </Card>
  );
}

const titles: Readonly<Record<string, string>> = {
  expression: t.mappings.expression,
  pushStatus: t.mappings.when,
};

function EditMapping(props: { readonly mappingId: string; readonly edited: Edited; readonly onClose: () => void }) {
  const { mappingId, edited, onClose } = props;
  const [expression, setExpression] = useState(edited.expression);
  const [pushStatus, setPushStatus] = useState(edited.pushStatus);
  const [begun, setBegun] = useState({ expression: edited.expression, pushStatus: edited.pushStatus });
  const [fault, setFault] = useState<unknown>(null);
  const save = useChange(async () => {
    const { properties } = await get('/api/v1/mappings/{mappingId}', { path: { mappingId } });
    const now = { expression: '', pushStatus: '', ...properties[edited.attribute] };
    setBegun(now);
    refuseOvertaken({
      begun,
      now: { ...now },
      typed: { expression, pushStatus },
      titleOf: (name) => titles[name] ?? name,
    });
    await send('post', '/api/v1/mappings/{mappingId}', {
      path: { mappingId },
      body: { properties: { [edited.attribute]: { expression, pushStatus } } },
    });
    onClose();
  }, t.mappings.saved);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setFault(null);
    save.mutate(undefined);
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t.mappings.editTitle(edited.attribute)}
      size="lg"
      closeButtonProps={{ 'aria-label': t.common.close }}
    >
      <form onSubmit={submit}>
        <Stack>
          <ErrorNote error={fault ?? save.error} />
          <TextInput
            label={t.mappings.expression}
            description={t.mappings.expressionWhat}
            data-autofocus
            required
            value={expression}
            onChange={(event) => setExpression(event.currentTarget.value)}
          />
          <Select
            label={t.mappings.when}
            allowDeselect={false}
            data={(['PUSH', 'DONT_PUSH'] as const).map((value) => ({ value, label: t.mappings.pushStatus[value] }))}
            value={pushStatus}
            onChange={(value) => setPushStatus(value ?? edited.pushStatus)}
          />
          <Text size="xs" c="var(--mantine-color-dimmed)">
            {t.mappings.consequence}
          </Text>
          <Group justify="flex-end">
            <PreviewButton
              change={{ kind: 'mapping', mappingId, properties: { [edited.attribute]: { expression, pushStatus } } }}
              onError={setFault}
            />
            <Button type="submit" loading={save.isPending}>
              {t.common.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
