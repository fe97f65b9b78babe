import type { App } from '../../../domain/app.ts';

/** Where the logo of the app's catalog entry is; null for a private app. */
export function logoOf(app: Pick<App, 'catalogKey'>, base: string): string | null {
  return app.catalogKey === null ? null : `${base}/usher/v1/catalog/apps/${app.catalogKey}/logo`;
}
