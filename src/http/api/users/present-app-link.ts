import type { App } from '../../../domain/app.ts';
import type { UserId } from '../../../lib/ids.ts';
import { isJsonObject } from '../../../lib/json.ts';
import { logoOf } from '../apps/logo.ts';

/** A tile of somebody's apps, in Okta's words. */
export function presentAppLink(app: App, userId: UserId, base: string, sortOrder: number) {
  const variables = app.settings['app'];
  const url = isJsonObject(variables) ? variables['url'] : undefined;
  const hide = isJsonObject(app.visibility['hide']) ? app.visibility['hide'] : {};
  return {
    id: app.id,
    label: app.label,
    linkUrl: typeof url === 'string' ? url : null,
    logoUrl: logoOf(app, base),
    appName: app.name,
    appInstanceId: app.id,
    appAssignmentId: userId,
    credentialsSetup: false,
    hidden: hide['web'] === true,
    sortOrder,
  };
}
