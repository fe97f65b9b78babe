import { Type } from 'typebox';
import type { ImportTimes } from '../../../domain/inbound.ts';
import type { AppId } from '../../../lib/ids.ts';
import {
  getFeature,
  listFeatures,
  updateFeature,
  type AppFeatureView,
  type CapabilitiesUpdate,
} from '../../../services/app-features.ts';
import type { InboundUpdate } from '../../../services/app-inbound.ts';
import type { Api } from '../../api.ts';
import type { ServerDeps } from '../../deps.ts';
import { baseOf } from '../../links.ts';
import { may } from '../../policy.ts';
import { defined } from '../../query-values.ts';
import { contextOf } from '../../request-context.ts';
import { linkTo } from '../hal.ts';
import { IdOf, Nullable } from '../schema.ts';

const AppParams = Type.Object({ appId: IdOf<AppId>() });
const FeatureParams = Type.Object({ appId: IdOf<AppId>(), name: Type.String() });
const Status = Type.Enum(['ENABLED', 'DISABLED']);
const Switch = Type.Optional(Type.Object({ status: Type.Optional(Status) }));
const Times = Nullable(Type.Object({ expression: Type.String(), timezone: Nullable(Type.String()) }));
const Format = Nullable(Type.Enum(['EMAIL', 'CUSTOM']));
const Flag = Type.Optional(Type.Boolean());

const MatchRulesBody = Type.Object({
  exactMatchCriteria: Type.Optional(Type.Enum(['EMAIL', 'USERNAME'])),
  allowPartialMatch: Flag,
  autoConfirmPartialMatch: Flag,
  autoConfirmExactMatch: Flag,
  autoConfirmNewUsers: Flag,
  autoActivateNewUsers: Flag,
});
type MatchRules = Type.Static<typeof MatchRulesBody>;

/** The capabilities themselves, of either feature. */
const CapabilitiesBody = Type.Object({
  create: Type.Optional(Type.Object({ lifecycleCreate: Switch })),
  update: Type.Optional(
    Type.Object({
      profile: Switch,
      lifecycleDeactivate: Switch,
      password: Type.Optional(
        Type.Object({
          status: Type.Optional(Status),
          seed: Type.Optional(Type.Enum(['OKTA', 'RANDOM'])),
          change: Type.Optional(Type.Enum(['CHANGE', 'KEEP_EXISTING'])),
        }),
      ),
    }),
  ),
  importSettings: Type.Optional(
    Type.Object({
      // Okta says the one on the wire and the other in its document; clients send either.
      username: Type.Optional(
        Type.Object({ userNameFormat: Format, usernameFormat: Format, userNameExpression: Nullable(Type.String()) }),
      ),
      schedule: Type.Optional(
        Type.Object({ status: Type.Optional(Status), fullImport: Times, incrementalImport: Times }),
      ),
    }),
  ),
  importRules: Type.Optional(Type.Object({ userCreateAndMatch: Type.Optional(MatchRulesBody) })),
});

const okta = { subject: () => 'feature' };

export function featureRoutes(api: Api, deps: ServerDeps): void {
  const show = { ...may('apps.read'), okta };
  api.get('/apps/:appId/features', { config: show, schema: { params: AppParams } }, async (request) => {
    const { appId } = request.params;
    const features = await listFeatures(contextOf(deps, request), appId);
    return features.map((feature) => presentFeature(feature, appId, baseOf(deps, request)));
  });

  api.get('/apps/:appId/features/:name', { config: show, schema: { params: FeatureParams } }, async (request) => {
    const { appId, name } = request.params;
    return presentFeature(await getFeature(contextOf(deps, request), appId, name), appId, baseOf(deps, request));
  });

  const change = { config: { ...may('apps.manage'), okta }, schema: { params: FeatureParams, body: CapabilitiesBody } };
  api.put('/apps/:appId/features/:name', change, async (request) => {
    const { appId, name } = request.params;
    const feature = await updateFeature(contextOf(deps, request), appId, name, updateOf(request.body));
    return presentFeature(feature, appId, baseOf(deps, request));
  });
}

function updateOf({ create, update, ...inbound }: Type.Static<typeof CapabilitiesBody>): CapabilitiesUpdate {
  return defined({ create, update, ...inboundOf(inbound) });
}

function inboundOf({
  importSettings,
  importRules,
}: Pick<Type.Static<typeof CapabilitiesBody>, 'importSettings' | 'importRules'>): InboundUpdate {
  const { username, schedule } = importSettings ?? {};
  return defined({
    importSettings:
      importSettings === undefined
        ? undefined
        : defined({
            username:
              username === undefined
                ? undefined
                : defined({
                    userNameFormat: username.userNameFormat ?? username.usernameFormat ?? undefined,
                    userNameExpression: username.userNameExpression ?? undefined,
                  }),
            schedule:
              schedule === undefined
                ? undefined
                : defined({
                    status: schedule.status,
                    fullImport: timesOf(schedule.fullImport),
                    incrementalImport: timesOf(schedule.incrementalImport),
                  }),
          }),
    importRules:
      importRules === undefined
        ? undefined
        : defined({ userCreateAndMatch: knownRules(importRules.userCreateAndMatch) }),
  });
}

/** Without what a client may send besides: it would be kept and returned. */
function knownRules(rules: MatchRules | undefined): MatchRules | undefined {
  if (rules === undefined) return undefined;
  const { exactMatchCriteria, allowPartialMatch, autoConfirmPartialMatch } = rules;
  const { autoConfirmExactMatch, autoConfirmNewUsers, autoActivateNewUsers } = rules;
  return defined({
    ...{ exactMatchCriteria, allowPartialMatch, autoConfirmPartialMatch },
    ...{ autoConfirmExactMatch, autoConfirmNewUsers, autoActivateNewUsers },
  });
}

function timesOf(times: Type.Static<typeof Times> | undefined): ImportTimes | null | undefined {
  if (times == null) return times;
  return { expression: times.expression, ...defined({ timezone: times.timezone ?? undefined }) };
}

function presentFeature(feature: AppFeatureView, appId: AppId, base: string) {
  const self = linkTo(`${base}/api/v1/apps/${appId}/features/${feature.name}`, 'GET', 'PUT');
  if (feature.name !== 'INBOUND_PROVISIONING') return { ...feature, _links: { self } };
  const { importSettings, importRules } = feature.capabilities;
  const username = { ...importSettings.username, usernameFormat: importSettings.username.userNameFormat };
  return {
    ...feature,
    capabilities: { importSettings: { ...importSettings, username }, importRules },
    _links: { self },
  };
}
