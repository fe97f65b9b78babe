import { Type } from 'typebox';
import { deprovisionPolicies, updateVerbs } from '../../domain/app.ts';
import type { AppId } from '../../lib/ids.ts';
import { getToApp, updateToApp, type ToApp } from '../../services/app-to-app.ts';
import type { Api } from '../api.ts';
import { IdOf } from '../api/schema.ts';
import type { ServerDeps } from '../deps.ts';
import { may } from '../policy.ts';
import { contextOf } from '../request-context.ts';

const closed = { additionalProperties: false };
const AppParams = Type.Object({ appId: IdOf<AppId>() });
const TenYears = { minimum: 0, maximum: 3_650 };

/** The settings that are always there, in answers as in requests. */
export const toAppSettings = {
  create: Type.Boolean(),
  update: Type.Boolean(),
  deactivate: Type.Boolean(),
  reactivate: Type.Boolean(),
  pushPending: Type.Boolean(),
  excludeUserNameUpdates: Type.Boolean(),
  groupPush: Type.Boolean({ description: 'False holds every pushed group back' }),
  existingAccount: Type.Enum(['LINK', 'ASK']),
  deleteAfterDays: Type.Integer(TenYears),
  entitlements: Type.Union([Type.Array(Type.String({ maxLength: 200 }), { maxItems: 200 }), Type.Null()], {
    description: 'What REMOVE_ENTITLEMENTS clears; null: the attributes whose names say so',
  }),
  suspended: Type.Enum(['LEAVE', 'DEACTIVATE']),
  manual: Type.Boolean({ description: 'People make and take away the accounts; tasks tell them which' }),
  updateVerb: Type.Enum([...updateVerbs]),
  uniqueAttribute: Type.String({
    ...{ minLength: 1, maxLength: 200 },
    description: 'What an existing account is recognised by: userName, externalId or a mapped attribute of the app',
  }),
  password: Type.Object(
    {
      status: Type.Enum(['ENABLED', 'DISABLED']),
      seed: Type.Enum(['OKTA', 'RANDOM'], { description: 'OKTA: the person’s own; RANDOM: one nobody knows' }),
      change: Type.Enum(['CHANGE', 'KEEP_EXISTING'], {
        description: 'CHANGE: another one whenever the person’s own changes; KEEP_EXISTING: new accounts only',
      }),
    },
    closed,
  ),
};

/** Any of the settings, and any limits. */
export const toAppChanges = {
  ...Type.Partial(Type.Object(toAppSettings)).properties,
  deprovision: Type.Optional(Type.Enum([...deprovisionPolicies])),
  limits: Type.Optional(
    Type.Object(
      {
        concurrencyMax: Type.Optional(Type.Integer({ minimum: 1, maximum: 256 })),
        requestsPerMinute: Type.Optional(Type.Union([Type.Integer({ minimum: 1, maximum: 1_000_000 }), Type.Null()])),
        timeoutMs: Type.Optional(Type.Integer({ minimum: 1_000, maximum: 300_000 })),
        pageSize: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })),
      },
      closed,
    ),
  ),
};

const ChangesBody = Type.Object(
  { ...toAppChanges, confirmDeletions: Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000_000 })) },
  closed,
);

/** What Okta calls "To App", all of it and for every app. */
export function provisioningRoutes(api: Api, deps: ServerDeps): void {
  api.get('/apps/:appId/provisioning', { config: may('apps.read'), schema: { params: AppParams } }, async (request) =>
    present(await getToApp(contextOf(deps, request), request.params.appId)),
  );

  const change = { config: may('apps.manage'), schema: { params: AppParams, body: ChangesBody } };
  api.patch('/apps/:appId/provisioning', change, async (request) => {
    const { limits = {}, confirmDeletions, ...provisioning } = request.body;
    const changes = { provisioning, limits };
    return present(await updateToApp(contextOf(deps, request), request.params.appId, changes, confirmDeletions));
  });
}

function present({ provisioning, limits, supports }: ToApp) {
  return {
    ...provisioning,
    reactivate: provisioning.reactivate ?? provisioning.create,
    groupPush: provisioning.groupPush !== false,
    deleteAfterDays: provisioning.deleteAfterDays ?? 0,
    deleteSince: provisioning.deleteSince ?? null,
    entitlements: provisioning.entitlements ?? null,
    suspended: provisioning.suspended ?? 'LEAVE',
    manual: provisioning.manual === true,
    updateVerb: provisioning.updateVerb ?? 'AUTOMATIC',
    uniqueAttribute: provisioning.uniqueAttribute ?? 'userName',
    password: { status: 'DISABLED', seed: 'RANDOM', change: 'KEEP_EXISTING', ...provisioning.password },
    limits: { ...limits, requestsPerMinute: limits.requestsPerMinute ?? null },
    supports,
  };
}
