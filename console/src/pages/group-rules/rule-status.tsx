import { Badge } from '../../parts/badge';
import { t } from '../../text';
import type { Rule } from './group-rules';

const tones = { ACTIVE: 'good', INACTIVE: 'quiet', INVALID: 'bad' } as const;

export function RuleStatus({ status }: Pick<Rule, 'status'>) {
  return <Badge tone={tones[status]}>{t.groupRules.statuses[status]}</Badge>;
}
