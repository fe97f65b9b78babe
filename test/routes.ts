import type { FastifyInstance } from 'fastify';

export type RouteName = ['GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', string];

/** Method and pattern of every route, as Fastify prints them. */
export function routesOf(server: FastifyInstance): RouteName[] {
  const lines = server.printRoutes({ commonPrefix: false }).split('\n');
  const stack: string[] = [];
  const routes: RouteName[] = [];
  for (const line of lines) {
    const found = /^([│├└─\s]*)(\S+)(?: \(([A-Z, ]+)\))?$/u.exec(line);
    if (found === null) continue;
    const depth = (found[1] ?? '').length / 4;
    stack.length = Math.max(0, depth - 1);
    const url = stack.join('') + (found[2] ?? '');
    stack.push(found[2] ?? '');
    for (const method of (found[3] ?? '').split(', ')) {
      if (method === 'GET' || method === 'POST' || method === 'PUT' || method === 'PATCH' || method === 'DELETE') {
        routes.push([method, url]);
      }
    }
  }
  return routes;
}
