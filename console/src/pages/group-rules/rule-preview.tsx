import { Group, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { send, type Schemas } from '../../api/client';
import { Badge } from '../../parts/badge';
import { isAboutExpression } from '../../parts/expression-field';
import { PersonLink } from '../../parts/links';
import { nameOf } from '../../parts/person';
import { ErrorNote } from '../../parts/states';
import { Table } from '../../parts/table';
import { t } from '../../text';

type Preview = Schemas['GroupRulePreview'];

interface Draft {
  readonly ruleId?: string;
  readonly expression: string;
  readonly groupIds: readonly string[];
  readonly excludedUserIds: readonly string[];
  readonly excludedGroupIds: readonly string[];
}

const words = t.groupRules;

/** What the rule as it is typed would change, asked a moment after the last key. */
export function useRulePreview(draft: Draft): UseQueryResult<Preview> {
  const [asked] = useDebouncedValue(JSON.stringify(draft), 400);
  return useQuery({
    queryKey: ['group-rule-preview', asked],
    queryFn: () => send('post', '/usher/v1/groups/rules/preview', { body: JSON.parse(asked) }),
    enabled: draft.expression.trim() !== '' && draft.groupIds.length > 0 && asked === JSON.stringify(draft),
    placeholderData: keepPreviousData,
    retry: false,
  });
}

interface Props {
  readonly preview: UseQueryResult<Preview>;
  readonly names: ReadonlyMap<string, string>;
}

export function RulePreview({ preview: { data, error }, names }: Props) {
  if (error !== null) return isAboutExpression(error) ? null : <ErrorNote error={error} />;
  if (data === undefined) {
    return (
      <Text size="sm" c="var(--mantine-color-dimmed)">
        {words.previewWaits}
      </Text>
    );
  }
  const rows = [
    ...data.joins.map((person) => ({ ...person, joins: true })),
    ...data.leaves.map((person) => ({ ...person, joins: false })),
  ];
  return (
    <section className="u-surface" aria-label={words.preview}>
      <div style={{ padding: 16 }} role="status">
        <Group gap="xs">
          <Badge tone="good">{words.joining(data.joining)}</Badge>
          <Badge tone={data.leaving > 0 ? 'warn' : 'quiet'}>{words.leaving(data.leaving)}</Badge>
          <Text size="sm">{words.held(data.people)}</Text>
        </Group>
        {data.joining + data.leaving > rows.length && (
          <Text size="sm" mt="xs">
            {words.first(Math.max(data.joins.length, data.leaves.length))}
          </Text>
        )}
        {data.apps.length > 0 && (
          <Text size="sm" mt="xs">
            {words.gives(data.apps.map(({ label }) => label))}
          </Text>
        )}
        {data.failure !== null && (
          <Text size="sm" mt="xs" c="var(--u-bad)">
            {words.failed(data.failure.people, data.failure.reason)}
          </Text>
        )}
      </div>
      {rows.length > 0 && <Rows rows={rows} names={names} />}
    </section>
  );
}

type Row = Preview['joins'][number] & { readonly joins: boolean };

function Rows({ rows, names }: { readonly rows: readonly Row[]; readonly names: ReadonlyMap<string, string> }) {
  return (
    <Table
      label={words.preview}
      flush
      style={{ maxHeight: 260 }}
      items={rows}
      keyOf={({ userId, joins }) => `${userId} ${joins}`}
      columns={[
        { title: words.person, cell: (row) => <PersonLink id={row.userId} name={nameOf(row)} /> },
        {
          title: words.change,
          cell: ({ joins }) => <Badge tone={joins ? 'good' : 'warn'}>{joins ? words.joins : words.leaves}</Badge>,
        },
        { title: words.groups, cell: ({ groupIds }) => groupIds.map((id) => names.get(id) ?? id).join(', ') },
      ]}
    />
  );
}
