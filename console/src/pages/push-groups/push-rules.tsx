import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { send, type Schemas } from '../../api/client';
import { useMay } from '../../frame/session';
import { Badge } from '../../parts/badge';
import { ListTable, useList } from '../../parts/list';
import { useChange } from '../../parts/said';
import { Empty, ErrorNote } from '../../parts/states';
import { t } from '../../text';
import { DeleteRuleDialog } from './delete-rule-dialog';
import type { PushProps } from './push-groups';
import { PushRuleDialog } from './push-rule-dialog';

export type PushRule = Schemas['GroupPushRule'];

const words = t.pushRules;

export function PushRules({ appId, overview }: PushProps) {
  const may = useMay();
  const [edited, setEdited] = useState<PushRule | 'new'>();
  const [leaving, setLeaving] = useState<PushRule>();
  const list = useList('/usher/v1/apps/{appId}/group-push/rules', { path: { appId } });
  const toggle = useChange((rule: PushRule) =>
    send('patch', '/usher/v1/apps/{appId}/group-push/rules/{pushRuleId}', {
      path: { appId, pushRuleId: rule.id },
      body: { status: rule.status === 'ACTIVE' ? 'INACTIVE' : 'ACTIVE' },
    }),
  );
  return (
    <div className="u-surface">
      {may('apps.manage') && (
        <Group p="md" justify="flex-end">
          <Button onClick={() => setEdited('new')}>{words.add}</Button>
        </Group>
      )}
      <ErrorNote error={toggle.error} />
      <ListTable
        label={words.list}
        list={list}
        keyOf={(rule) => rule.id}
        empty={<Empty what={words.empty} />}
        columns={[
          { title: words.name, cell: (rule) => rule.name },
          { title: words.condition, cell: conditionOf },
          { title: words.pushed, cell: (rule) => rule.mappings.toLocaleString(t.locale) },
          {
            title: words.status,
            cell: (rule) => (
              <Badge tone={rule.status === 'ACTIVE' ? 'good' : 'quiet'}>{words.statuses[rule.status]}</Badge>
            ),
          },
          {
            title: t.common.actions,
            cell: (rule) =>
              may('apps.manage') && (
                <Group gap="xs" wrap="nowrap">
                  {(
                    [
                      [t.common.edit, () => setEdited(rule)],
                      [rule.status === 'ACTIVE' ? words.deactivate : words.activate, () => toggle.mutate(rule)],
                      [words.delete, () => setLeaving(rule)],
                    ] as const
                  ).map(([label, act]) => (
                    <Button
                      key={label}
                      size="compact-sm"
                      variant="default"
                      aria-label={t.common.actionOn(label, rule.name)}
                      onClick={act}
                    >
                      {label}
                    </Button>
                  ))}
                </Group>
              ),
          },
        ]}
      />
      {edited !== undefined && (
        <PushRuleDialog
          appId={appId}
          rule={edited === 'new' ? undefined : edited}
          onClose={() => setEdited(undefined)}
        />
      )}
      {leaving !== undefined && (
        <DeleteRuleDialog
          appId={appId}
          rule={leaving}
          canDelete={overview.can.delete}
          onClose={() => setLeaving(undefined)}
        />
      )}
    </div>
  );
}

function conditionOf({ conditions: { name, description } }: PushRule): string {
  return [
    ...(name === undefined ? [] : [words.nameFits(words.operators[name.operator], name.value)]),
    ...(description === undefined
      ? []
      : [words.descriptionFits(words.operators[description.operator], description.value)]),
  ].join(', ');
}
