import { Button, Group, Text } from '@mantine/core';
import type { Schemas } from '../../api/client';
import { Table } from '../../parts/table';
import { t } from '../../text';
import type { Edited } from './mapping-dialog';
import type { Wizard } from './steps';

type Preview = Schemas['WizardPreview'];

/** Made by a template, not by a mapping. */
const userName = 'userName';
const isUserName = (attribute: string) => attribute === userName;

interface Props {
  readonly wizard: Wizard;
  readonly sample: Preview | undefined;
  readonly onEdit: (edited: Edited) => void;
  readonly onRemove: (attribute: string) => void;
}

export function MappingTable({ wizard, sample, onEdit, onRemove }: Props) {
  const { mappings = {}, reasons = {}, attributes = {}, userNameTemplate } = wizard.draft;
  const results = new Map(sample?.attributes.map((result) => [result.attribute, result]));
  const template = String(userNameTemplate?.['template'] ?? '');
  const rows: readonly Edited[] = [
    { attribute: userName, expression: template, pushStatus: 'PUSH' },
    ...inOrder(Object.entries(mappings)).map(([attribute, mapping]) => ({ attribute, ...mapping })),
  ];
  return (
    <Table
      label={t.wizard.names.mappings}
      flush
      items={rows}
      keyOf={({ attribute }) => attribute}
      columns={[
        {
          title: t.mappings.attribute,
          cell: ({ attribute }) => <span title={titleOf(attributes[attribute])}>{attribute}</span>,
          mono: true,
        },
        { title: t.mappings.expression, cell: ({ expression }) => expression, mono: true },
        {
          title: sample === undefined ? t.mappings.result : t.wizard.sampleOf(sample.user.login),
          cell: ({ attribute }) => resultOf(isUserName(attribute) ? sample?.userName : results.get(attribute)),
        },
        {
          title: t.wizard.why,
          cell: ({ attribute }) =>
            !isUserName(attribute) && <span className="u-chip">{reasonOf(reasons[attribute])}</span>,
        },
        {
          title: t.common.actions,
          cell: (row) => (
            <Group gap="xs" wrap="nowrap">
              <Button
                size="compact-sm"
                variant="default"
                aria-label={t.common.actionOn(t.common.edit, row.attribute)}
                onClick={() => onEdit(row)}
              >
                {t.common.edit}
              </Button>
              {!isUserName(row.attribute) && (
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={t.common.removeNamed(row.attribute)}
                  onClick={() => onRemove(row.attribute)}
                >
                  {t.common.remove}
                </Button>
              )}
            </Group>
          ),
        },
      ]}
    />
  );
}

/** Who somebody is comes first, then by name. */
function inOrder<Value>(rows: readonly (readonly [string, Value])[]) {
  const first = ['givenName', 'familyName', 'displayName', 'email'];
  const place = (name: string) => (first.includes(name) ? first.indexOf(name) : first.length);
  return rows.toSorted(([a], [b]) => place(a) - place(b) || a.localeCompare(b));
}

function resultOf(result: Preview['userName'] | undefined) {
  if (result === undefined) return null;
  if (result.error !== undefined)
    return (
      <Text size="sm" c="var(--u-bad)">
        {result.error}
      </Text>
    );
  const { value } = result;
  if (result.left === true) return <Quiet text={t.wizard.left} />;
  if (value == null || value === '') return <Quiet text={t.mappings.noValue} />;
  return <span style={{ overflowWrap: 'anywhere' }}>{typeof value === 'string' ? value : JSON.stringify(value)}</span>;
}

function Quiet({ text }: { readonly text: string }) {
  return <span style={{ color: 'var(--mantine-color-dimmed)' }}>{text}</span>;
}

function reasonOf(reason: keyof typeof t.wizard.reasons | undefined): string {
  return reason === undefined ? t.wizard.chosen : t.wizard.reasons[reason];
}

function titleOf(definition: unknown): string {
  return typeof definition === 'object' && definition !== null && 'title' in definition ? String(definition.title) : '';
}
