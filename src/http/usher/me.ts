import { Type } from 'typebox';
import { isJsonObject } from '../../lib/json.ts';
import type { SessionId } from '../../lib/ids.ts';
import { endOwnSessions, listOwnSessions, reopenSession } from '../../services/sessions.ts';
import { changePassword } from '../../services/user-credentials.ts';
import { readUser } from '../../services/users.ts';
import { listGroupsOfUser } from '../../store/groups.ts';
import { listMyApps, type MyApp } from '../../store/my-apps.ts';
import { findAllUserAttributes } from '../../store/user-schema.ts';
import type { Api } from '../api.ts';
import { addressOf } from '../api/apps/address.ts';
import { logoLink } from '../api/apps/logo.ts';
import { IdOf } from '../api/schema.ts';
import { setSession } from '../credential.ts';
import type { ServerDeps } from '../deps.ts';
import { baseOf } from '../links.ts';
import { own } from '../policy.ts';
import { contextOf, principalOf } from '../request-context.ts';

/** What people see and change of themselves, whatever role they have or have not. */
export function meRoutes(api: Api, deps: ServerDeps): void {
  api.get('/me/apps', { config: own }, async (request) => {
    const apps = await listMyApps(deps.db, principalOf(request).userId);
    return apps.map((app) => presentMyApp(app, baseOf(deps, request)));
  });

  api.get('/me/profile', { config: own }, async (request) => {
    const user = await readUser(deps.db, principalOf(request).userId);
    const [definitions, groups] = await Promise.all([
      findAllUserAttributes(deps.db),
      listGroupsOfUser(deps.db, user.id, { limit: 200 }),
    ]);
    const attributes = Object.entries(definitions).flatMap(([name, { title }]) => {
      const value = user.profile[name];
      return value == null || value === '' ? [] : [{ name, title: title ?? name, value }];
    });
    return { attributes, groups: groups.map((group) => group.profile.name) };
  });

  const secret = Type.String({ minLength: 1, maxLength: 512 });
  const PasswordBody = Type.Object({ oldPassword: secret, newPassword: secret }, { additionalProperties: false });
  api.post('/me/password', { config: own, schema: { body: PasswordBody } }, async (request, reply) => {
    const context = contextOf(deps, request);
    const { userId, session } = principalOf(request);
    await changePassword(context, userId, request.body);
    if (session !== null) setSession(reply, await reopenSession(context, userId));
    return reply.code(204).send();
  });

  sessionListRoutes(api, deps);
}

function sessionListRoutes(api: Api, deps: ServerDeps): void {
  api.get('/me/sessions', { config: own }, async (request) => {
    const current = principalOf(request).session?.id;
    const sessions = await listOwnSessions(contextOf(deps, request));
    return sessions.map(({ id, created, lastSeen, expires, address, userAgent }) => ({
      ...{ id, created, lastSeen, expires, address, userAgent },
      current: id === current,
    }));
  });

  api.delete('/me/sessions', { config: own }, async (request, reply) => {
    const { session } = principalOf(request);
    await endOwnSessions(contextOf(deps, request), session === null ? {} : { except: session.id });
    return reply.code(204).send();
  });

  const options = { config: own, schema: { params: Type.Object({ sessionId: IdOf<SessionId>() }) } };
  api.delete('/me/sessions/:sessionId', options, async (request, reply) => {
    await endOwnSessions(contextOf(deps, request), { only: request.params.sessionId });
    return reply.code(204).send();
  });
}

function presentMyApp({ app, state, userName }: MyApp, base: string) {
  const hide = isJsonObject(app.visibility['hide']) ? app.visibility['hide'] : {};
  const { notes } = app.settings;
  const note = isJsonObject(notes) && typeof notes['enduser'] === 'string' ? notes['enduser'] : null;
  return {
    id: app.id,
    label: app.label,
    linkUrl: webAddress(addressOf(app)),
    logoUrl: logoLink(app, base)?.href ?? null,
    hidden: hide['web'] === true,
    note,
    state,
    userName,
  };
}

/** Whatever an administrator wrote: a tile leads to web pages only. */
function webAddress(address: string | null): string | null {
  return address !== null && /^https?:\/\//i.test(address) ? address : null;
}
