import { Type } from 'typebox';
import { signOnModes } from '../../domain/app.ts';
import type { AttributeDefinition } from '../../domain/profile-schema.ts';
import { invalidCursor } from '../../lib/cursor.ts';
import type { AppId, GroupId, UserId, WizardId } from '../../lib/ids.ts';
import { logoBytesMax } from '../../services/app-logos.ts';
import * as choices from '../../services/wizard-choices.ts';
import { listWizardMatches, matchWizard } from '../../services/wizard-match.ts';
import { previewWizard } from '../../services/wizard-preview.ts';
import { turnOnWizard } from '../../services/wizard-turn-on.ts';
import * as wizards from '../../services/wizards.ts';
import type { Api } from '../api.ts';
import { presentOneApp } from '../api/apps/present-apps.ts';
import { changesOf, MappingBody, MappingEntry } from '../api/mappings/routes.ts';
import { AnyObject, bodyOptional, IdOf, PageQuery } from '../api/schema.ts';
import type { ServerDeps } from '../deps.ts';
import { afterId, afterOf, pageOf } from '../links.ts';
import { may } from '../policy.ts';
import { defined, pageLimit } from '../query-values.ts';
import { contextOf } from '../request-context.ts';

const closed = { additionalProperties: false };
const WizardParams = Type.Object({ wizardId: IdOf<WizardId>() });
const path = '/wizards/:wizardId';

/** Apps being given provisioning, step by step. Nothing is written to them until they are turned on. */
export function wizardRoutes(api: Api, deps: ServerDeps): void {
  draftRoutes(api, deps);
  connectionSteps(api, deps);
  choiceSteps(api, deps);
  choiceRoutes(api, deps);
  void api.register(async (pictures: Api) => logoRoutes(pictures, deps));
  lookingSteps(api, deps);
}

function draftRoutes(api: Api, deps: ServerDeps): void {
  const NewWizard = Type.Object(
    {
      label: Type.Optional(Type.String()),
      appId: Type.Optional(IdOf<AppId>()),
      signOnMode: Type.Optional(Type.Enum([...signOnModes])),
    },
    closed,
  );
  api.post('/wizards', { config: may('apps.manage'), schema: { body: NewWizard } }, async (request) =>
    wizards.startWizard(contextOf(deps, request), request.body),
  );
  const Status = Type.Optional(Type.Enum(['OPEN', 'DONE']));
  const ListQuery = Type.Object({ ...PageQuery, status: Status });
  const listing = { config: may('apps.manage'), schema: { querystring: ListQuery } };
  api.get('/wizards', listing, async (request, reply) => {
    const limit = pageLimit(request.query.limit, { fallback: 20, most: 200 });
    const { status } = request.query;
    const page = { ...defined({ after: afterId<WizardId>(deps, request), status }), limit: limit + 1 };
    const rows = await wizards.listWizards(contextOf(deps, request), page);
    return pageOf(deps, reply, { rows, limit, cursorOf: (wizard) => wizard.id });
  });
  const one = { config: may('apps.manage'), schema: { params: WizardParams } };
  api.get(path, one, async (request) => wizards.getWizard(contextOf(deps, request), request.params.wizardId));
  api.delete(path, one, async (request, reply) => {
    await wizards.discardWizard(contextOf(deps, request), request.params.wizardId);
    return reply.status(204).send();
  });
}

function connectionSteps(api: Api, deps: ServerDeps): void {
  const Connection = Type.Object({ settings: AnyObject }, closed);
  const connecting = { config: may('connections.manage'), schema: { params: WizardParams, body: Connection } };
  api.put(`${path}/connection`, connecting, async (request) =>
    wizards.setWizardConnection(contextOf(deps, request), request.params.wizardId, request.body.settings),
  );
  const Probe = Type.Object({ allowWrites: Type.Optional(Type.Boolean()) }, closed);
  const probing = {
    config: may('connections.manage'),
    preValidation: bodyOptional,
    schema: { params: WizardParams, body: Probe },
  };
  api.post(`${path}/probe`, probing, async (request) =>
    wizards.probeWizard(contextOf(deps, request), request.params.wizardId, request.body.allowWrites === true),
  );
}

function choiceSteps(api: Api, deps: ServerDeps): void {
  const Flag = Type.Optional(Type.Boolean());
  const Capabilities = Type.Object({ create: Flag, update: Flag, deactivate: Flag }, closed);
  const step = { config: may('apps.manage'), preValidation: bodyOptional };
  const capabilities = { ...step, schema: { params: WizardParams, body: Capabilities } };
  api.put(`${path}/capabilities`, capabilities, async (request) =>
    wizards.setWizardCapabilities(contextOf(deps, request), request.params.wizardId, defined(request.body)),
  );

  const Definition = Type.Unsafe<AttributeDefinition | null>(
    Type.Union([Type.Object({ title: Type.String(), type: Type.String() }), Type.Null()]),
  );
  const Attributes = Type.Object({ attributes: Type.Optional(Type.Record(Type.String(), Definition)) }, closed);
  const schema = { ...step, schema: { params: WizardParams, body: Attributes } };
  api.put(`${path}/schema`, schema, async (request) =>
    wizards.setWizardSchema(contextOf(deps, request), request.params.wizardId, request.body.attributes ?? {}),
  );

  const Template = Type.Object({ template: Type.String(), type: Type.Enum(['BUILT_IN', 'CUSTOM', 'NONE']) }, closed);
  const Mappings = Type.Object(
    {
      properties: Type.Optional(Type.Record(Type.String(), Type.Union([MappingEntry, Type.Null()]))),
      userNameTemplate: Type.Optional(Template),
    },
    closed,
  );
  const mappings = { ...step, config: may('mappings.manage'), schema: { params: WizardParams, body: Mappings } };
  api.put(`${path}/mappings`, mappings, async (request) => {
    const { properties, userNameTemplate } = request.body;
    const chosen = { mappings: changesOf(properties ?? {}), ...defined({ userNameTemplate }) };
    return wizards.setWizardMappings(contextOf(deps, request), request.params.wizardId, chosen);
  });
}

/** What is no step: the name, and who gets the app. */
function choiceRoutes(api: Api, deps: ServerDeps): void {
  const Label = Type.Object({ label: Type.String() }, closed);
  const naming = { config: may('apps.manage'), schema: { params: WizardParams, body: Label } };
  api.patch(path, naming, async (request) =>
    choices.renameWizard(contextOf(deps, request), request.params.wizardId, request.body.label),
  );
  const Assignments = Type.Object(
    {
      userIds: Type.Array(IdOf<UserId>(), { maxItems: assignedMax }),
      groupIds: Type.Array(IdOf<GroupId>(), { maxItems: assignedMax }),
    },
    closed,
  );
  const assigning = { config: may('apps.assign'), schema: { params: WizardParams, body: Assignments } };
  api.put(`${path}/assignments`, assigning, async (request) =>
    choices.setWizardAssignments(contextOf(deps, request), request.params.wizardId, request.body),
  );
}

/** Named one by one; more people than this are given an app by groups. */
const assignedMax = 1_000;

/** Pictures come as they are, whatever the sender calls them: their first bytes say what they are. */
async function logoRoutes(api: Api, deps: ServerDeps): Promise<void> {
  api.addContentTypeParser(
    /^image\//,
    { parseAs: 'buffer', bodyLimit: logoBytesMax },
    async (_: unknown, body: Buffer) => body,
  );
  const config = may('apps.manage');
  const putting = { config, bodyLimit: logoBytesMax, schema: { params: WizardParams, body: Type.Unsafe<unknown>({}) } };
  api.put(`${path}/logo`, putting, async (request) => {
    const bytes = request.body instanceof Uint8Array ? request.body : new Uint8Array();
    return choices.setWizardLogo(contextOf(deps, request), request.params.wizardId, bytes);
  });
  const one = { config, schema: { params: WizardParams } };
  api.delete(`${path}/logo`, one, async (request) =>
    choices.setWizardLogo(contextOf(deps, request), request.params.wizardId, undefined),
  );
  api.get(`${path}/logo`, one, async (request, reply) => {
    const { type, bytes } = await choices.getWizardLogo(contextOf(deps, request), request.params.wizardId);
    return reply
      .headers({
        'content-type': type,
        'content-security-policy': "sandbox; default-src 'none'; style-src 'unsafe-inline'",
        'cache-control': 'no-store',
      })
      .send(Buffer.from(bytes));
  });
}

function lookingSteps(api: Api, deps: ServerDeps): void {
  const Preview = Type.Object(
    {
      userId: Type.Optional(IdOf<UserId>()),
      properties: Type.Optional(MappingBody.properties.properties),
      userNameTemplate: Type.Optional(Type.String({ maxLength: 4_096 })),
    },
    closed,
  );
  const preview = {
    config: may('mappings.manage'),
    preValidation: bodyOptional,
    schema: { params: WizardParams, body: Preview },
  };
  api.post(`${path}/preview`, preview, async (request) => {
    const { userId, properties, userNameTemplate } = request.body;
    const changes = properties === undefined ? undefined : changesOf(properties);
    const options = defined({ userId, changes, userNameTemplate });
    return previewWizard(contextOf(deps, request), request.params.wizardId, options);
  });

  const one = { config: may('connections.manage'), schema: { params: WizardParams } };
  api.post(`${path}/match`, one, async (request) => matchWizard(contextOf(deps, request), request.params.wizardId));
  const Kind = Type.Optional(Type.Enum(['exact', 'partial', 'none', 'ambiguous']));
  const listing = { ...one, schema: { params: WizardParams, querystring: Type.Object({ ...PageQuery, kind: Kind }) } };
  api.get(`${path}/accounts`, listing, async (request, reply) => {
    const limit = pageLimit(request.query.limit, { fallback: 50, most: 500 });
    const after = afterOf(deps, request);
    if (after !== undefined && typeof after !== 'string') throw invalidCursor();
    const page = { ...defined({ after, kind: request.query.kind }), limit: limit + 1 };
    const rows = await listWizardMatches(contextOf(deps, request), request.params.wizardId, page);
    return pageOf(deps, reply, { rows, limit, cursorOf: (account) => account.externalId });
  });

  const turningOn = { config: may('apps.manage'), schema: { params: WizardParams } };
  api.post(`${path}/turn-on`, turningOn, async (request) => {
    const context = contextOf(deps, request);
    return presentOneApp(deps, request, await turnOnWizard(context, request.params.wizardId));
  });
}
