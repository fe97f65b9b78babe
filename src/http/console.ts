import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { UsherError } from '../lib/errors.ts';
import type { Api } from './api.ts';
import { open } from './policy.ts';

/** A file of the console as it is sent, in the forms browsers take. */
interface Asset {
  readonly mediaType: string;
  readonly etag: string;
  readonly plain: Buffer;
  readonly brotli: () => Buffer;
  readonly gzip: () => Buffer;
}

const mediaTypes: { readonly [extension: string]: string } = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** The addresses of its pages. The page itself decides what to show; what else is asked for is not found. */
const pages = [
  '/',
  '/login',
  '/login/done',
  '/welcome/:token',
  '/reset_password/:token',
  '/my',
  '/my/:page',
  '/admin',
  '/admin/:section',
  '/admin/:section/:item',
  '/admin/:section/:item/:tab',
];

/**
 * The console and My Apps: one page of HTML, and the files it names. They are read once, so that no path of a request
 * ever reaches the file system.
 *
 * @param folder where the build put them; undefined, or empty, where they have not been built.
 * @param sessionOf who is signed in, so that the page need not ask before it asks for anything else.
 */
export function consolePages(
  api: Api,
  folder: string | undefined,
  sessionOf: (request: FastifyRequest) => Promise<object | undefined>,
): void {
  const assets = readAssets(folder);
  const html = folder === undefined ? undefined : readHtml(folder);
  for (const url of pages)
    api.get(url, { config: open }, async (request, reply) => sendPage(reply, html, await sessionOf(request)));

  const file = { ...open, uncounted: true };
  const options = { config: file, schema: { params: Type.Object({ file: Type.String() }) } };
  api.get('/assets/:file', options, async (request, reply) =>
    // Their names change with what is in them.
    sendAsset(request, reply, assets.get(`assets/${request.params.file}`), 'public, max-age=31536000, immutable'),
  );
  for (const name of ['favicon.svg', 'theme.js']) {
    api.get(`/${name}`, { config: file }, async (request, reply) =>
      sendAsset(request, reply, assets.get(name), 'public, max-age=300'),
    );
  }
}

function readAssets(folder: string | undefined): ReadonlyMap<string, Asset> {
  if (folder === undefined) return new Map();
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    entries.flatMap((entry) => {
      const path = join(entry.parentPath, entry.name);
      const mediaType = mediaTypes[extname(entry.name)];
      if (mediaType === undefined) return [];
      const plain = readFileSync(path);
      const name = path.slice(folder.length).replaceAll('\\', '/').replace(/^\/+/, '');
      return [[name, assetOf(plain, mediaType)] as const];
    }),
  );
}

/** Compressed when first asked for: a process that serves no browser spends nothing on it. */
function assetOf(plain: Buffer, mediaType: string): Asset {
  let brotli: Buffer | undefined;
  let gzip: Buffer | undefined;
  return {
    mediaType,
    plain,
    etag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`,
    brotli: () => (brotli ??= brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } })),
    gzip: () => (gzip ??= gzipSync(plain)),
  };
}

function readHtml(folder: string): string | undefined {
  try {
    return readFileSync(join(folder, 'index.html'), 'utf8');
  } catch {
    return undefined;
  }
}

function sendAsset(
  request: FastifyRequest,
  reply: FastifyReply,
  asset: Asset | undefined,
  cacheControl: string,
): FastifyReply {
  if (asset === undefined) throw new UsherError('not_found', 'The console has no such file. Load the page again.');
  void reply.headers({
    'content-type': asset.mediaType,
    'cache-control': cacheControl,
    etag: asset.etag,
    vary: 'accept-encoding',
  });
  if (request.headers['if-none-match'] === asset.etag) return reply.code(304).send();
  const accepted = request.headers['accept-encoding'] ?? '';
  if (/\bbr\b/.test(accepted)) return reply.header('content-encoding', 'br').send(asset.brotli());
  if (/\bgzip\b/.test(accepted)) return reply.header('content-encoding', 'gzip').send(asset.gzip());
  return reply.send(asset.plain);
}

/** Styles that the page makes as it goes carry a value no injected style could know. */
function sendPage(reply: FastifyReply, html: string | undefined, session: object | undefined): FastifyReply {
  if (html === undefined) {
    throw new UsherError('not_found', 'The console has not been built. Build it with: npm run build');
  }
  const nonce = randomBytes(16).toString('base64url');
  const known = session === undefined ? '' : asAttribute(JSON.stringify(session));
  return reply
    .headers({ 'content-type': 'text/html; charset=utf-8', 'content-security-policy': contentSecurityPolicy(nonce) })
    .send(html.replaceAll('__NONCE__', nonce).replace('__SESSION__', () => known));
}

function asAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}

/** Scripts from here only and none inline; it may ask nobody but this server. Logos may be anybody's. */
function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: https:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
