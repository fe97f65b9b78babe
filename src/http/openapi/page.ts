import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { UsherError } from '../../lib/errors.ts';
import { Type } from 'typebox';
import type { Api } from '../api.ts';
import { open } from '../policy.ts';

const ours = join(import.meta.dirname, 'page');
/** Swagger UI as this package ships it. Its plugin is not used: it would bring routes that name no permission. */
const theirs = join(dirname(createRequire(import.meta.url).resolve('@fastify/swagger-ui')), 'static');

const page = join(ours, 'index.html');
const files: { readonly [name: string]: readonly [path: string, mediaType: string] } = {
  'page.js': [join(ours, 'page.js'), 'text/javascript; charset=utf-8'],
  'page.css': [join(ours, 'page.css'), 'text/css; charset=utf-8'],
  'swagger-ui-bundle.js': [join(theirs, 'swagger-ui-bundle.js'), 'text/javascript; charset=utf-8'],
  'swagger-ui.css': [join(theirs, 'swagger-ui.css'), 'text/css; charset=utf-8'],
};

/** Scripts and styles from here only, none of them inline; it may ask nobody but this server. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The API reference for people, at `/docs`. Like the document it shows it is public. */
export function referencePage(api: Api): void {
  api.get('/docs', { config: open }, async (_request, reply) =>
    reply
      .headers({ 'content-security-policy': contentSecurityPolicy, 'content-type': 'text/html; charset=utf-8' })
      .send(await readFile(page)),
  );

  const options = { config: open, schema: { params: Type.Object({ file: Type.String() }) } };
  api.get('/docs/:file', options, async (request, reply) => {
    const { file } = request.params;
    const [path, mediaType] = (Object.hasOwn(files, file) ? files[file] : undefined) ?? missing(file);
    return reply
      .headers({ 'content-type': mediaType, 'cache-control': 'public, max-age=3600' })
      .send(await readFile(path));
  });
}

function missing(file: string): never {
  throw new UsherError('not_found', `The API reference has no file ${file}.`);
}
