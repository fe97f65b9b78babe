import { Button, Group, Modal, Radio, Stack } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { send } from '../../api/client';
import { useChange } from '../../parts/said';
import { ErrorNote } from '../../parts/states';
import { t } from '../../text';
import type { Rule } from './group-rules';

const words = t.groupRules;

/** Asks what becomes of the people the rule has put into its groups. */
export function DeleteDialog({ rule, onClose }: { readonly rule: Rule; readonly onClose: () => void }) {
  const [fate, setFate] = useState('keep');
  const remove = useChange(async () => {
    const query = { removeUsers: fate === 'remove' };
    await send('delete', '/api/v1/groups/rules/{ruleId}', { path: { ruleId: rule.id }, query });
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
          <Radio.Group label={words.fate} value={fate} onChange={setFate}>
            <Stack gap="xs" mt="xs">
              {(['keep', 'remove'] as const).map((value) => (
                <Radio
                  key={value}
                  value={value}
                  label={words.fates[value].label}
                  description={words.fates[value].what}
                />
              ))}
            </Stack>
          </Radio.Group>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t.common.cancel}
            </Button>
            <Button type="submit" loading={remove.isPending} {...(fate === 'remove' ? { color: '#b3261e' } : {})}>
              {words.delete}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
