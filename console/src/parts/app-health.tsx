import type { AppProgress } from '../api/app-progress';
import { t } from '../text';
import { Badge } from './badge';

type Counts = Pick<AppProgress, 'state' | 'failed' | 'failedGroups' | 'waiting'>;

/** How an app is doing, in a word: why nothing goes any more, what failed, what is being done. */
export function AppHealth({ state, failed, failedGroups, waiting }: Counts) {
  if (state === 'QUARANTINED' || state === 'BROKEN') return <Badge tone="bad">{t.health[state]}</Badge>;
  if (failed > 0) return <Badge tone="bad">{t.home.failed(failed)}</Badge>;
  if (failedGroups > 0) return <Badge tone="bad">{t.home.failedGroups(failedGroups)}</Badge>;
  if (state === 'PAUSED') return <Badge tone="warn">{t.health[state]}</Badge>;
  if (waiting > 0) return <Badge tone="info">{t.home.waiting(waiting)}</Badge>;
  return <Badge tone="good">{t.health.OK}</Badge>;
}
