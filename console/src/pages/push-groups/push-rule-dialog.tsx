import { Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { get, send } from '../../api/client';
import { DialogButtons } from '../../parts/dialog-buttons';
import { refuseOvertaken } from '../../parts/meanwhile';
import { useChange } from '../../parts/said';
import { ErrorNote } from '../../parts/states';
import { useUnsaved } from '../../parts/unsaved';
import { unsay } from '../../parts/unsay';
import { t } from '../../text';
import type { PushRule } from './push-rules';

const words = t.pushRules;
const operators = ['STARTS_WITH', 'ENDS_WITH', 'CONTAINS', 'EQUALS'] as const;

type Conditions = PushRule['conditions'];
type TextCondition = NonNullable<Conditions['name']>;

interface Props {
  readonly appId: string;
  readonly rule: PushRule | undefined;
  readonly onClose: () => void;
}

/** Which groups a rule pushes, and beside it which those are now. */
export function PushRuleDialog({ appId, rule, onClose }: Props) {
  const [name, setName] = useState(rule?.name ?? '');
  const [ofName, setOfName] = useState<TextCondition>(rule?.conditions.name ?? { operator: 'STARTS_WITH', value: '' });
  const [ofDescription, setOfDescription] = useState<TextCondition>(
    rule?.conditions.description ?? { operator: 'CONTAINS', value: '' },
  );
  const { leaving } = useUnsaved({ name, ofName, ofDescription });
  const [begun, setBegun] = useState(rule);
  const conditions: Partial<Conditions> = {
    ...(ofName.value === '' ? {} : { name: ofName }),
    ...(ofDescription.value === '' ? {} : { description: ofDescription }),
    ...(rule === undefined ? {} : { groupTypes: rule.conditions.groupTypes }),
  };
  const asks = ofName.value !== '' || ofDescription.value !== '';
  const save = useChange(
    async () => {
      const body = { name, conditions };
      if (begun === undefined) await send('post', '/usher/v1/apps/{appId}/group-push/rules', { path: { appId }, body });
      else {
        const path = { appId, pushRuleId: begun.id };
        const now = await get('/usher/v1/apps/{appId}/group-push/rules/{pushRuleId}', { path });
        setBegun(now);
        refuseOvertaken({ begun: shownOf(begun), now: shownOf(now), typed: shownOf(body), titleOf: (each) => each });
        await send('patch', '/usher/v1/apps/{appId}/group-push/rules/{pushRuleId}', { path, body });
      }
      onClose();
    },
    rule === undefined ? words.added : t.common.saved,
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(undefined);
  };
  return (
    <Modal
      opened
      onClose={leaving(onClose)}
      size="lg"
      title={rule === undefined ? words.addTitle : words.editTitle(rule.name)}
      closeButtonProps={{ 'aria-label': t.common.close }}
    >
      <form onSubmit={submit} onChange={unsay(save)}>
        <Stack>
          <ErrorNote error={save.error} />
          <TextInput
            label={words.name}
            required
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TextConditionField label={words.nameIs} value={ofName} onChange={setOfName} />
          <TextConditionField label={words.descriptionIs} value={ofDescription} onChange={setOfDescription} />
          {asks && <Fitting appId={appId} conditions={conditions} />}
          <DialogButtons onCancel={onClose}>
            <Button type="submit" loading={save.isPending} disabled={!asks || name.trim() === ''}>
              {rule === undefined ? words.add : t.common.save}
            </Button>
          </DialogButtons>
        </Stack>
      </form>
    </Modal>
  );
}

/** What can be changed of a rule, by the name of its field. */
function shownOf({ name, conditions }: { name: string; conditions: Partial<Conditions> }) {
  return {
    [words.name]: name,
    [words.nameIs]: conditionText(conditions.name),
    [words.descriptionIs]: conditionText(conditions.description),
  };
}

function conditionText(condition: TextCondition | null | undefined): string {
  return condition == null ? '' : `${words.operators[condition.operator]} ${condition.value}`;
}

interface ConditionProps {
  readonly label: string;
  readonly value: TextCondition;
  readonly onChange: (value: TextCondition) => void;
}

function TextConditionField({ label, value, onChange }: ConditionProps) {
  return (
    <Group align="flex-end" gap="sm">
      <Select
        w={150}
        aria-label={words.operatorOf(label)}
        allowDeselect={false}
        data={operators.map((operator) => ({ value: operator, label: words.operators[operator] }))}
        value={value.operator}
        onChange={(operator) => onChange({ ...value, operator: operator ?? value.operator })}
      />
      <TextInput
        style={{ flex: '1 1 200px', order: -1 }}
        label={label}
        value={value.value}
        onChange={(event) => onChange({ ...value, value: event.currentTarget.value })}
      />
    </Group>
  );
}

const shownMost = 12;

/** Which groups fit, before anything is made of it. */
function Fitting({ appId, conditions }: { readonly appId: string; readonly conditions: Partial<Conditions> }) {
  const [asked] = useDebouncedValue(conditions, 300);
  const { data, error } = useQuery({
    queryKey: ['push-rule-preview', appId, asked],
    queryFn: () =>
      send('post', '/usher/v1/apps/{appId}/group-push/rules/preview', {
        path: { appId },
        body: { conditions: asked },
      }),
    placeholderData: keepPreviousData,
  });
  if (data === undefined) return <ErrorNote error={error} />;
  const { total, groups } = data;
  return (
    <div className="u-note" data-tone="info" role="status">
      <Text size="sm" fw={600}>
        {words.fitting(total)} {total > shownMost && words.first(shownMost)}
      </Text>
      {groups.slice(0, shownMost).map(({ id, name, pushed }) => (
        <Text size="sm" key={id}>
          {name} {pushed && <span className="u-chip">{words.already}</span>}
        </Text>
      ))}
    </div>
  );
}
