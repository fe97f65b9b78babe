import { Button, Group, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { Link } from 'react-router';
import { send, type Schemas } from '../../api/client';
import { useMay } from '../../frame/session';
import { useAddress } from '../../parts/address';
import { AddressField } from '../../parts/address-field';
import { ListTable, useList } from '../../parts/list';
import { PageBody } from '../../parts/page';
import { useChange } from '../../parts/said';
import { Empty, ErrorNote } from '../../parts/states';
import { t } from '../../text';
import { DeleteDialog } from './delete-dialog';
import { useGroupNames } from './group-names';
import { RuleDialog } from './rule-dialog';
import { RuleStatus } from './rule-status';

export type Rule = Schemas['GroupRule'];

const words = t.groupRules;

/** Who is in a group by what is known of them. */
export function GroupRulesPage() {
  const may = useMay();
  const { get } = useAddress();
  const [search] = useDebouncedValue((get('q') ?? '').trim(), 250);
  const [edited, setEdited] = useState<Rule | 'new'>();
  const [leaving, setLeaving] = useState<Rule>();
  const list = useList('/api/v1/groups/rules', { query: { search } });
  const names = useGroupNames(list.items?.flatMap((rule) => rule.actions.assignUserToGroups.groupIds) ?? []);
  const toggle = useChange((rule: Rule) =>
    send('post', `/api/v1/groups/rules/{ruleId}/lifecycle/${rule.status === 'ACTIVE' ? 'deactivate' : 'activate'}`, {
      path: { ruleId: rule.id },
    }),
  );
  const manages = may('rules.manage');
  return (
    <PageBody
      title={words.title}
      above={[{ to: '/admin/groups', label: t.groups.title }]}
      actions={manages && <Button onClick={() => setEdited('new')}>{words.add}</Button>}
    >
      <Text c="var(--mantine-color-dimmed)" size="sm" mb="md" maw={720}>
        {words.what}
      </Text>
      <ErrorNote error={toggle.error} />
      <div className="u-surface">
        <Group p="md">
          <AddressField name="q" style={{ flex: 1 }} type="search" label={words.search} />
        </Group>
        <ListTable
          label={words.list}
          list={list}
          keyOf={(rule) => rule.id}
          empty={<Empty what={search === '' ? words.empty : words.emptyFiltered} />}
          columns={[
            { title: words.name, cell: (rule) => rule.name },
            {
              title: words.condition,
              cell: (rule) => <span className="u-mono">{rule.conditions.expression.value}</span>,
            },
            {
              title: words.into,
              cell: (rule) =>
                rule.actions.assignUserToGroups.groupIds.map((id) => (
                  <div key={id}>
                    <Link className="u-link" to={`/admin/groups/${id}`}>
                      {names.get(id) ?? id}
                    </Link>
                  </div>
                )),
            },
            {
              title: words.status,
              cell: (rule) => <RuleStatus status={rule.status} />,
            },
            {
              title: t.common.actions,
              cell: (rule) =>
                manages && <Actions rule={rule} onEdit={setEdited} onToggle={toggle.mutate} onDelete={setLeaving} />,
            },
          ]}
        />
      </div>
      {edited !== undefined && (
        <RuleDialog rule={edited === 'new' ? undefined : edited} names={names} onClose={() => setEdited(undefined)} />
      )}
      {leaving !== undefined && <DeleteDialog rule={leaving} onClose={() => setLeaving(undefined)} />}
    </PageBody>
  );
}

interface ActionsProps {
  readonly rule: Rule;
  readonly onEdit: (rule: Rule) => void;
  readonly onToggle: (rule: Rule) => void;
  readonly onDelete: (rule: Rule) => void;
}

function Actions({ rule, onEdit, onToggle, onDelete }: ActionsProps) {
  const valid = rule.status !== 'INVALID';
  const actions = [
    ...(valid ? [[t.common.edit, onEdit] as const] : []),
    ...(valid ? [[rule.status === 'ACTIVE' ? words.deactivate : words.activate, onToggle] as const] : []),
    [words.delete, onDelete] as const,
  ];
  return (
    <Group gap="xs" wrap="nowrap">
      {actions.map(([label, act]) => (
        <Button
          key={label}
          size="compact-sm"
          variant="default"
          aria-label={t.common.actionOn(label, rule.name)}
          onClick={() => act(rule)}
        >
          {label}
        </Button>
      ))}
    </Group>
  );
}
