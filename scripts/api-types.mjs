/**
 * Writes the types of the API for the console, from the document the compiled server in `dist` gives. They are made at
 * every build and never kept, so that they cannot be out of date.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import openapiTypes, { astToString } from 'openapi-typescript';

const [dist = 'dist', out = 'console/src/api/openapi.d.ts'] = process.argv.slice(2);
const { buildServer } = await import(pathToFileURL(join(process.cwd(), dist, 'src/http/server.js')).href);

// The document says nothing of who uses Usher: no part of it comes from a database.
const server = buildServer({
  clock: { now: () => new Date(0), monotonicMs: () => 0 },
  settings: { requestsPerMinute: 10 },
  metrics: { observeRequest: () => undefined },
  catalog: { all: () => [], get: () => undefined },
  connectors: [],
});
const document = (await server.inject('/openapi.json')).json();
await server.close();
const text = `// Made by scripts/api-types.mjs.\n${astToString(await openapiTypes(document))}`;
if (!existsSync(out) || readFileSync(out, 'utf8') !== text) writeFileSync(out, text);
