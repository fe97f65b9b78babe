import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { get, type Schemas } from '../api/client';
import { t } from '../text';
import { ErrorNote, Waiting } from './states';
import { Table } from './table';

const words = t.personPage;

/** Why somebody has an account with these values, or why not. */
export function Explanation({ appId, userId }: { readonly appId: string; readonly userId: string }) {
  const { data, error } = useQuery({
    queryKey: ['explanation', appId, userId],
    queryFn: () => get('/usher/v1/apps/{appId}/users/{userId}/explanation', { path: { appId, userId } }),
  });
  if (data === undefined) return error === null ? <Waiting /> : <ErrorNote error={error} />;
  const reasons = reasonsOf(data);
  return (
    <>
      <Text fw={600}>{words.decision}</Text>
      <Text mb="md">{data.decision.sentence}</Text>
      <Text fw={600}>{words.because}</Text>
      {reasons.length === 0 ? <Text mb="md">{words.nothingGives}</Text> : null}
      <ul style={{ marginBlockStart: 0 }}>
        {reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
      <Text fw={600}>{words.values}</Text>
      <Table
        label={words.values}
        flush
        items={data.values}
        keyOf={({ attribute }) => attribute}
        columns={[
          { title: words.attribute, cell: ({ attribute }) => attribute, mono: true },
          { title: words.value, cell: ({ error, value }) => error ?? shown(value) },
          { title: words.inApp, cell: ({ inApp }) => shown(inApp) },
          {
            title: words.from,
            cell: ({ source }) => (
              <span>
                {sources[source.kind]} <code>{source.expression ?? ''}</code>
              </span>
            ),
          },
        ]}
      />
    </>
  );
}

const sources = {
  mapping: words.mapping,
  user_name_template: words.template,
  group: words.groupValue,
  assignment: words.assignmentValue,
};

function reasonsOf({ direct, groups }: Schemas['Explanation']): string[] {
  const through = groups
    .filter(({ member }) => member)
    .flatMap(({ name, direct: joined, rules }) => {
      const holding = rules.filter(({ holds, excluded }) => holds === true && !excluded);
      return joined || holding.length === 0
        ? [words.ofGroup(name)]
        : holding.map((rule) => words.ofRule(name, rule.name));
    });
  return [...(direct ? [words.individually] : []), ...through];
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return '—';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
