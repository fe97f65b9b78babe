import { expect, test } from 'vitest';
import { describeOnDatabases } from '../../test/database.ts';
import { openHttpTest } from '../../test/http-context.ts';
import { createToken, listTokens, revokeToken } from './api-tokens.ts';
import { changeLifecycle, deleteUser } from './user-lifecycle.ts';

const lockedOut = { code: 'wrong_state' } as const;

describeOnDatabases('the last administrator', (database) => {
  test('cannot be deactivated, suspended or deleted while nobody else could get in', async () => {
    const on = await openHttpTest(database);
    const readOnly = await on.addToken('READ_ONLY_ADMIN');
    for (const verb of ['deactivate', 'suspend'] as const) {
      await expect(changeLifecycle(on.context, on.ownerId, verb)).rejects.toMatchObject(lockedOut);
    }
    await expect(deleteUser(on.context, on.ownerId)).rejects.toMatchObject(lockedOut);
    expect((await on.call('DELETE', '/api/v1/users/me')).statusCode).toBe(403);
    expect((await on.call('GET', '/api/v1/users/me')).statusCode).toBe(200);

    const other = await on.addToken('SUPER_ADMIN');
    await changeLifecycle(on.context, on.ownerId, 'suspend');
    expect((await on.call('GET', '/api/v1/users/me', undefined, { token: other })).statusCode).toBe(200);
    expect((await on.call('GET', '/api/v1/users/me', undefined, { token: readOnly })).statusCode).toBe(200);
  });

  test('of two who deactivate each other at once one stays', async () => {
    const on = await openHttpTest(database);
    const token = await on.addToken('SUPER_ADMIN');
    const { id } = (await on.call('GET', '/api/v1/users/me', undefined, { token })).json<{ id: string }>();
    const results = await Promise.allSettled(
      [on.ownerId, id].map((userId) => changeLifecycle(on.context, userId, 'deactivate')),
    );
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('the last token cannot be revoked; one more and it can', async () => {
    const on = await openHttpTest(database);
    const [bootstrap] = await listTokens(on.context);
    const tokenId = bootstrap?.id ?? ('' as never);
    await expect(revokeToken(on.context, tokenId)).rejects.toMatchObject(lockedOut);
    await createToken(on.context, { name: 'another', userId: on.ownerId });
    await revokeToken(on.context, tokenId);
    expect(await listTokens(on.context)).toHaveLength(1);
  });
});
