import type { FastifyRequest } from 'fastify';
import type { AppUser } from '../../../domain/app-user.ts';
import { namesInApps } from '../../../services/app-user-names.ts';
import { findUsers } from '../../../store/users.ts';
import type { ServerDeps } from '../../deps.ts';
import { baseOf } from '../../links.ts';
import { contextOf } from '../../request-context.ts';
import { presentAppUser } from './present.ts';

/** App users in Okta's words, with what is asked of the database for all of them at once. */
export async function presentAppUsers(
  deps: ServerDeps,
  request: FastifyRequest,
  rows: readonly AppUser[],
  expand?: string,
) {
  const people = await findUsers(
    deps.db,
    rows.map((row) => row.userId),
  );
  const peopleById = new Map(people.map((user) => [user.id, user]));
  const names = await namesInApps(contextOf(deps, request), rows, peopleById);
  return rows.map((row, index) =>
    presentAppUser(
      row,
      names[index] ?? null,
      baseOf(deps, request),
      expand === 'user' ? peopleById.get(row.userId) : undefined,
    ),
  );
}
