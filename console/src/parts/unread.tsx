import { PageBody } from './page';
import { ErrorNote, Waiting } from './states';
import { t } from '../text';

interface Props {
  /** The page that leads here. */
  readonly above: { readonly to: string; readonly label: string };
  readonly error: unknown;
  readonly retry: () => void;
}

/** A page before it knows what it is about, or when it cannot learn that: it still says where one is and leads back. */
export function Unread({ above, error, retry }: Props) {
  if (error === null) return <Waiting />;
  return (
    <PageBody title={t.common.unread} above={[above]}>
      <ErrorNote error={error} retry={retry} />
    </PageBody>
  );
}
