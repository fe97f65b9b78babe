import { send } from '../../api/client';
import { FateDialog } from '../../parts/fate-dialog';
import { t } from '../../text';
import type { PushRule } from './push-rules';

const words = t.pushRules;

interface Props {
  readonly appId: string;
  readonly rule: PushRule;
  readonly canDelete: boolean;
  readonly onClose: () => void;
}

/** Asks what becomes of the groups a rule pushes. */
export function DeleteRuleDialog({ appId, rule, canDelete, onClose }: Props) {
  const { KEEP, UNLINK, DELETE } = words.mappingChoices;
  return (
    <FateDialog
      title={words.deleteTitle(rule.name)}
      question={words.mappings(rule.mappings)}
      fates={[
        { value: 'KEEP', ...KEEP },
        { value: 'UNLINK', ...UNLINK },
        { value: 'DELETE', ...DELETE, danger: true, ...(canDelete ? {} : { cannot: t.pushGroups.cannotDelete }) },
      ]}
      action={words.delete}
      done={words.deleted}
      onDecide={(mappings) => {
        const path = { appId, pushRuleId: rule.id };
        return send('delete', '/usher/v1/apps/{appId}/group-push/rules/{pushRuleId}', { path, query: { mappings } });
      }}
      onClose={onClose}
    />
  );
}
