import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { UsherError } from '../../../lib/errors.ts';
import type { AppId } from '../../../lib/ids.ts';
import { logoBytesMax, setLogo } from '../../../services/app-logos.ts';
import { getApp } from '../../../services/apps.ts';
import type { Api } from '../../api.ts';
import type { ServerDeps } from '../../deps.ts';
import { baseOf } from '../../links.ts';
import { may } from '../../policy.ts';
import { contextOf } from '../../request-context.ts';
import { IdOf } from '../schema.ts';
import { logoLink } from './logo.ts';

const AppParams = Type.Object({ appId: IdOf<AppId>() });
/** What stands around the file in a form. */
const formBytes = 10_000;

/** A logo comes as Okta's clients send it: the field `file` of a form. Apart, since no other route takes forms. */
export async function logoUploadRoutes(api: Api, deps: ServerDeps): Promise<void> {
  api.addContentTypeParser(
    'multipart/form-data',
    { parseAs: 'buffer', bodyLimit: logoBytesMax + formBytes },
    async (request: FastifyRequest, body: Buffer) => fileOf(body, request.headers['content-type'] ?? ''),
  );
  const options = {
    config: may('apps.manage'),
    bodyLimit: logoBytesMax + formBytes,
    schema: { params: AppParams, body: Type.Unsafe<Uint8Array>(Type.Unknown()) },
  };
  api.post('/apps/:appId/logo', options, async (request, reply) => {
    const { appId } = request.params;
    const { body } = request;
    if (!(body instanceof Uint8Array)) throw noFile();
    await setLogo(contextOf(deps, request), appId, body);
    const link = logoLink(await getApp(contextOf(deps, request), appId), baseOf(deps, request));
    if (link !== undefined) void reply.header('location', link.href);
    return reply.code(201).send();
  });
}

async function fileOf(body: Buffer, contentType: string): Promise<Uint8Array> {
  try {
    const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData();
    const file = form.get('file');
    if (file !== null && typeof file !== 'string') return new Uint8Array(await file.arrayBuffer());
  } catch {
    // Not a form, whatever its content type says.
  }
  throw noFile();
}

function noFile(): UsherError {
  return new UsherError(
    'invalid_input',
    'There is no file in the request. Send the picture as the form field "file".',
    {
      causes: [{ field: 'file', reason: 'is missing' }],
    },
  );
}
