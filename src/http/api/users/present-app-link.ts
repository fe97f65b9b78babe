import type { App } from '../../../domain/app.ts';
import type { UserId } from '../../../lib/ids.ts';
import { isJsonObject } from '../../../lib/json.ts';
import { addressOf } from '../apps/address.ts';
import { logoLink } from '../apps/logo.ts';

/** A tile of somebody's apps, in Okta's words. */
export function presentAppLink(app: App, userId: UserId, base: string, sortOrder: number) {
  const hide = isJsonObject(app.visibility['hide']) ? app.visibility['hide'] : {};
  return {
    id: app.id,
    label: app.label,
    linkUrl: addressOf(app),
    logoUrl: logoLink(app, base)?.href ?? null,
    appName: app.name,
    appInstanceId: app.id,
    appAssignmentId: userId,
    credentialsSetup: false,
    hidden: hide['web'] === true,
    sortOrder,
  };
}
