import { Type } from 'typebox';
import { lifecycleVerbs, type LifecycleVerb } from '../../../domain/user.ts';
import { activateByLink, changeLifecycle } from '../../../services/user-lifecycle.ts';
import { expirePassword, giveTemporaryPassword, resetPassword } from '../../../services/user-credentials.ts';
import { getUser } from '../../../services/users.ts';
import type { Api } from '../../api.ts';
import type { ServerDeps } from '../../deps.ts';
import { baseOf } from '../../links.ts';
import { may } from '../../policy.ts';
import { flag } from '../../query-values.ts';
import { contextOf } from '../../request-context.ts';
import type { OktaWords } from '../errors.ts';
import { Text } from '../schema.ts';
import { keyOf, UserParams } from './key.ts';
import { presentOne } from './present-one.ts';

/** What Okta says where the person's status does not allow the verb. */
const refusals: Readonly<Record<LifecycleVerb, NonNullable<OktaWords['wrongState']>>> = {
  activate: [403, 'E0000016'],
  reactivate: [403, 'E0000038'],
  deactivate: [403, 'E0000038'],
  suspend: [400, 'E0000001'],
  unsuspend: [400, 'E0000001'],
  unlock: [403, 'E0000032'],
};

const SendEmail = Type.Object({ sendEmail: Text });

/** Nothing is mailed: who asks for no mail gets the link, who asks for one gets `{}`. */
export function userLifecycleRoutes(api: Api, deps: ServerDeps): void {
  for (const verb of lifecycleVerbs) {
    const permission = verb === 'unlock' ? 'users.credentials' : 'users.manage';
    const config = { ...may(permission), okta: { wrongState: refusals[verb] } };
    const schema = { params: UserParams, querystring: SendEmail };
    api.post(`/users/:userId/lifecycle/${verb}`, { config, schema }, async (request) => {
      const context = contextOf(deps, request);
      const key = keyOf(request, request.params.userId);
      const linked = verb === 'activate' || verb === 'reactivate';
      if (!linked || flag('sendEmail', request.query.sendEmail, true)) {
        await changeLifecycle(context, key, verb);
        return {};
      }
      const token = await activateByLink(context, key, verb);
      if (token === undefined) return {};
      return { activationToken: token, activationUrl: `${baseOf(deps, request)}/welcome/${token}` };
    });
  }
  passwordRoutes(api, deps);

  // There are no second factors yet, so that none is left to anybody.
  api.post(
    '/users/:userId/lifecycle/reset_factors',
    { config: may('users.credentials'), schema: { params: UserParams } },
    async (request) => {
      await getUser(contextOf(deps, request), keyOf(request, request.params.userId));
      return {};
    },
  );
}

function passwordRoutes(api: Api, deps: ServerDeps): void {
  const options = { config: may('users.credentials'), schema: { params: UserParams } };
  api.post('/users/:userId/lifecycle/expire_password', options, async (request, reply) => {
    const user = await expirePassword(contextOf(deps, request), keyOf(request, request.params.userId));
    return presentOne(deps, reply, user);
  });

  api.post('/users/:userId/lifecycle/expire_password_with_temp_password', options, async (request) => ({
    tempPassword: await giveTemporaryPassword(contextOf(deps, request), keyOf(request, request.params.userId)),
  }));

  const reset = { config: may('users.credentials'), schema: { params: UserParams, querystring: SendEmail } };
  api.post('/users/:userId/lifecycle/reset_password', reset, async (request) => {
    const link = !flag('sendEmail', request.query.sendEmail, true);
    const key = keyOf(request, request.params.userId);
    const token = await resetPassword(contextOf(deps, request), key, { link });
    return token === undefined ? {} : { resetPasswordUrl: resetUrl(baseOf(deps, request), token) };
  });
}

export function resetUrl(base: string, token: string): string {
  return `${base}/reset_password/${token}`;
}
