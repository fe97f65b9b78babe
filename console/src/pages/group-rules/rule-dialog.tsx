import { Button, Modal, Stack, Switch, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { get, send } from '../../api/client';
import { DialogButtons } from '../../parts/dialog-buttons';
import { ExpressionField, isAboutExpression } from '../../parts/expression-field';
import { GroupsSelect, type ChosenGroup } from '../../parts/group-select';
import { refuseOvertaken } from '../../parts/meanwhile';
import { useChange } from '../../parts/said';
import { ErrorNote } from '../../parts/states';
import { useUnsaved } from '../../parts/unsaved';
import { unsay } from '../../parts/unsay';
import { t } from '../../text';
import { useGroupNames } from './group-names';
import type { Rule } from './group-rules';
import { RulePreview, useRulePreview } from './rule-preview';

const words = t.groupRules;

interface Props {
  readonly rule: Rule | undefined;
  readonly names: ReadonlyMap<string, string>;
  readonly onClose: () => void;
}

/** A rule, and beside it whom it would concern. What the server refuses is said here, and what was typed stays. */
export function RuleDialog({ rule, names, onClose }: Props) {
  const people = rule?.conditions.people;
  const excludedIds = people?.groups.exclude ?? [];
  const excludedNames = useGroupNames(excludedIds);
  const [name, setName] = useState(rule?.name ?? '');
  const [expression, setExpression] = useState(rule?.conditions.expression.value ?? '');
  const [into, setInto] = useState<readonly ChosenGroup[]>(
    (rule?.actions.assignUserToGroups.groupIds ?? []).map((id) => ({ id, name: names.get(id) ?? id })),
  );
  const [except, setExcept] = useState<readonly ChosenGroup[]>(excludedIds.map((id) => ({ id, name: id })));
  const [activate, setActivate] = useState(true);
  const groupIds = [into, except].map((groups) => groups.map(({ id }) => id));
  const { leaving } = useUnsaved({ name, expression, groupIds, activate });
  const [begun, setBegun] = useState(rule);
  const excludedUserIds = people?.users.exclude ?? [];
  const preview = useRulePreview({
    ...(rule === undefined ? {} : { ruleId: rule.id }),
    expression,
    groupIds: into.map(({ id }) => id),
    excludedUserIds,
    excludedGroupIds: except.map(({ id }) => id),
  });
  const save = useChange(async () => {
    const body = {
      type: 'group_rule',
      name,
      conditions: {
        people: { users: { exclude: excludedUserIds }, groups: { exclude: except.map(({ id }) => id) } },
        expression: { value: expression, type: 'urn:okta:expression:1.0' as const },
      },
      actions: { assignUserToGroups: { groupIds: into.map(({ id }) => id) } },
    };
    if (begun === undefined) await make(body, activate);
    else {
      const now = await get('/api/v1/groups/rules/{ruleId}', { path: { ruleId: begun.id } });
      setBegun(now);
      const typed = shownOf({ ...now, name, conditions: body.conditions });
      refuseOvertaken({ begun: shownOf(begun), now: shownOf(now), typed, titleOf: (each) => each });
      await change(now, body);
    }
    onClose();
  }, words.saved);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(undefined);
  };
  const applies = rule === undefined ? activate : rule.status === 'ACTIVE';
  const concerned = (preview.data?.joining ?? 0) + (preview.data?.leaving ?? 0);
  return (
    <Modal
      opened
      onClose={leaving(onClose)}
      size="xl"
      title={rule === undefined ? words.addTitle : words.editTitle(rule.name)}
      closeButtonProps={{ 'aria-label': t.common.close }}
    >
      <form onSubmit={submit} onChange={unsay(save)}>
        <Stack>
          {!isAboutExpression(save.error) && <ErrorNote error={save.error} />}
          <TextInput
            label={words.name}
            required
            maxLength={50}
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <ExpressionField
            kind="condition"
            label={words.condition}
            description={words.conditionWhat}
            value={expression}
            error={preview.error ?? save.error}
            onChange={setExpression}
          />
          <GroupsSelect
            label={words.into}
            {...(rule === undefined ? {} : { description: words.intoKept })}
            disabled={rule !== undefined}
            chosen={into}
            onChoose={setInto}
          />
          <GroupsSelect
            label={words.except}
            {...(excludedUserIds.length === 0 ? {} : { description: words.exceptPeople(excludedUserIds.length) })}
            chosen={except.map(({ id, name: known }) => ({ id, name: excludedNames.get(id) ?? known }))}
            onChoose={setExcept}
          />
          <RulePreview
            preview={preview}
            names={new Map([...names, ...into.map((each) => [each.id, each.name] as const)])}
          />
          {rule === undefined && (
            <Switch
              label={words.activateNow}
              checked={activate}
              onChange={(event) => setActivate(event.currentTarget.checked)}
            />
          )}
          <DialogButtons onCancel={onClose}>
            <Button
              type="submit"
              loading={save.isPending}
              disabled={name.trim() === '' || expression.trim() === '' || into.length === 0}
            >
              {applies && concerned > 0 ? words.saveAndApply(concerned) : words.save}
            </Button>
          </DialogButtons>
        </Stack>
      </form>
    </Modal>
  );
}

/** What can be changed of a rule, by the name of its field. */
function shownOf({ name, conditions }: Pick<Rule, 'name' | 'conditions'>): Readonly<Record<string, unknown>> {
  return {
    [words.name]: name,
    [words.condition]: conditions.expression.value,
    [words.except]: conditions.people?.groups.exclude.join(', ') ?? '',
  };
}

async function make(body: object, activate: boolean): Promise<void> {
  const { id: ruleId } = await send('post', '/api/v1/groups/rules', { body });
  if (activate) await switchRule(ruleId, 'activate');
}

/** Only a rule that is off can be changed: its people stay meanwhile, and it goes on whatever comes of the change. */
async function change({ id: ruleId, status }: Rule, body: object): Promise<void> {
  if (status === 'ACTIVE') await switchRule(ruleId, 'deactivate');
  try {
    await send('put', '/api/v1/groups/rules/{ruleId}', { path: { ruleId }, body });
  } finally {
    if (status === 'ACTIVE') await switchRule(ruleId, 'activate');
  }
}

function switchRule(ruleId: string, verb: 'activate' | 'deactivate') {
  return send('post', `/api/v1/groups/rules/{ruleId}/lifecycle/${verb}`, { path: { ruleId } });
}
