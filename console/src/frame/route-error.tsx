import { useRouteError } from 'react-router';
import { ErrorNote } from '../parts/states';

/** A page that broke, or whose chunk could not be loaded: the next attempt loads everything anew. */
export function RouteError() {
  return (
    <main style={{ padding: 24 }}>
      <ErrorNote error={useRouteError()} retry={() => window.location.reload()} />
    </main>
  );
}
