import { PageBody } from '../parts/page';
import { RunList } from '../parts/run-list';
import { t } from '../text';

export function RunsPage() {
  return (
    <PageBody title={t.runs.title}>
      <RunList label={t.runs.title} empty={t.runs.empty} />
    </PageBody>
  );
}
