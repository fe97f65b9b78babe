import { ApiError } from '../api/client';

/** What the server has against one field, to be said at that field. */
export function problemIn(error: unknown, name: string): string | undefined {
  if (!(error instanceof ApiError)) return undefined;
  const cause = error.causes.find((each) => new RegExp(`(^|[./])${name}\\b`).test(each.split(': ')[0] ?? ''));
  return cause?.replace(/^[^:]+: /, '');
}
