import { send } from '../../api/client';
import { FateDialog } from '../../parts/fate-dialog';
import { t } from '../../text';
import type { Rule } from './group-rules';

const words = t.groupRules;

/** Asks what becomes of the people the rule has put into its groups. */
export function DeleteDialog({ rule, onClose }: { readonly rule: Rule; readonly onClose: () => void }) {
  return (
    <FateDialog
      title={words.deleteTitle(rule.name)}
      question={words.fate}
      fates={[
        { value: 'keep', ...words.fates.keep },
        { value: 'remove', ...words.fates.remove, danger: true },
      ]}
      action={words.delete}
      done={words.deleted}
      onDecide={(fate) => {
        const query = { removeUsers: fate === 'remove' };
        return send('delete', '/api/v1/groups/rules/{ruleId}', { path: { ruleId: rule.id }, query });
      }}
      onClose={onClose}
    />
  );
}
