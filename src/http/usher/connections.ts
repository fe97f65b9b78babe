import { Type } from 'typebox';
import type { AppId } from '../../lib/ids.ts';
import { getConnection, setConnection, testConnection } from '../../services/app-connections.ts';
import { testSettings } from '../../services/connection-test.ts';
import type { Api } from '../api.ts';
import { AnyObject, IdOf, Text, bodyOptional } from '../api/schema.ts';
import type { ServerDeps } from '../deps.ts';
import { may } from '../policy.ts';
import { flag } from '../query-values.ts';
import { contextOf } from '../request-context.ts';

const closed = { additionalProperties: false };
const AppParams = Type.Object({ appId: IdOf<AppId>() });

/** Connections with all that a connector can be told, where Okta's API knows a token and OAuth 2.0. */
export function usherConnectionRoutes(api: Api, deps: ServerDeps): void {
  const path = '/apps/:appId/connection';
  api.get(path, { config: may('apps.read'), schema: { params: AppParams } }, async (request) =>
    getConnection(contextOf(deps, request), request.params.appId),
  );

  const SettingsBody = Type.Object({ settings: AnyObject }, closed);
  const ChangeQuery = Type.Object({ activate: Text });
  const change = {
    config: may('connections.manage'),
    schema: { params: AppParams, querystring: ChangeQuery, body: SettingsBody },
  };
  api.put(path, change, async (request) => {
    const activate = flag('activate', request.query.activate, false);
    const { settings } = request.body;
    return setConnection(contextOf(deps, request), request.params.appId, { settings, activate });
  });

  // Without settings what is stored is tested.
  const TestBody = Type.Object({ settings: Type.Optional(AnyObject) }, closed);
  const trial = {
    config: may('connections.manage'),
    preValidation: bodyOptional,
    schema: { params: AppParams, body: TestBody },
  };
  api.post(`${path}/test`, trial, async (request) =>
    testConnection(contextOf(deps, request), request.params.appId, request.body.settings),
  );

  const UnsavedBody = Type.Object(
    { connector: Type.String(), settings: AnyObject, catalogKey: Type.Optional(Type.String()) },
    closed,
  );
  api.post('/connection-tests', { config: may('connections.manage'), schema: { body: UnsavedBody } }, async (request) =>
    testSettings(contextOf(deps, request), request.body),
  );
}
