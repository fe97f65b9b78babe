import { Button, Group, Modal, Radio, Stack } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { send } from '../../api/client';
import { useChange } from '../../parts/said';
import { ErrorNote } from '../../parts/states';
import { t } from '../../text';
import type { PushRule } from './push-rules';

const words = t.pushRules;
const fates = ['KEEP', 'UNLINK', 'DELETE'] as const;

interface Props {
  readonly appId: string;
  readonly rule: PushRule;
  readonly canDelete: boolean;
  readonly onClose: () => void;
}

/** Asks what becomes of the groups a rule pushes. */
export function DeleteRuleDialog({ appId, rule, canDelete, onClose }: Props) {
  const [fate, setFate] = useState('KEEP');
  const remove = useChange(async () => {
    const path = { appId, pushRuleId: rule.id };
    await send('delete', '/usher/v1/apps/{appId}/group-push/rules/{pushRuleId}', { path, query: { mappings: fate } });
    onClose();
  }, words.deleted);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    remove.mutate(undefined);
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={words.deleteTitle(rule.name)}
      closeButtonProps={{ 'aria-label': t.common.close }}
    >
      <form onSubmit={submit}>
        <Stack>
          <ErrorNote error={remove.error} />
          <Radio.Group label={words.mappings(rule.mappings)} value={fate} onChange={setFate}>
            <Stack gap="xs" mt="xs">
              {fates.map((value) => (
                <Radio
                  key={value}
                  value={value}
                  disabled={value === 'DELETE' && !canDelete}
                  label={words.mappingChoices[value].label}
                  description={
                    value === 'DELETE' && !canDelete ? t.pushGroups.cannotDelete : words.mappingChoices[value].what
                  }
                />
              ))}
            </Stack>
          </Radio.Group>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t.common.cancel}
            </Button>
            <Button type="submit" loading={remove.isPending} {...(fate === 'DELETE' ? { color: '#b3261e' } : {})}>
              {words.delete}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
