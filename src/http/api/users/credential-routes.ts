import { Type } from 'typebox';
import {
  answerRecoveryQuestion,
  changePassword,
  changeRecoveryQuestion,
  forgotPassword,
} from '../../../services/user-credentials.ts';
import type { Api } from '../../api.ts';
import type { ServerDeps } from '../../deps.ts';
import { baseOf } from '../../links.ts';
import { may } from '../../policy.ts';
import { flag } from '../../query-values.ts';
import { contextOf } from '../../request-context.ts';
import { Text } from '../schema.ts';
import { PasswordBody, RecoveryQuestionBody } from './credentials-body.ts';
import { keyOf, UserParams } from './key.ts';
import { resetUrl } from './lifecycle-routes.ts';
import { presentCredentials } from './present.ts';

const ChangePasswordBody = Type.Object({ oldPassword: PasswordBody, newPassword: PasswordBody });
const ChangeQuestionBody = Type.Object({ password: PasswordBody, recovery_question: RecoveryQuestionBody });
const AnswerBody = Type.Object({
  password: PasswordBody,
  recovery_question: Type.Object({ answer: Type.String() }),
});

export function credentialRoutes(api: Api, deps: ServerDeps): void {
  const change = { config: may('users.credentials'), schema: { params: UserParams, body: ChangePasswordBody } };
  api.post('/users/:userId/credentials/change_password', change, async (request) => {
    const { oldPassword, newPassword } = request.body;
    const passwords = { oldPassword: oldPassword.value, newPassword: newPassword.value };
    const key = keyOf(request, request.params.userId);
    return presentCredentials(await changePassword(contextOf(deps, request), key, passwords));
  });

  const question = { config: may('users.credentials'), schema: { params: UserParams, body: ChangeQuestionBody } };
  api.post('/users/:userId/credentials/change_recovery_question', question, async (request) => {
    const { password, recovery_question: recoveryQuestion } = request.body;
    const key = keyOf(request, request.params.userId);
    const given = { password: password.value, recoveryQuestion };
    return presentCredentials(await changeRecoveryQuestion(contextOf(deps, request), key, given));
  });

  const forgot = {
    config: may('users.credentials'),
    schema: { params: UserParams, querystring: Type.Object({ sendEmail: Text }) },
  };
  api.post('/users/:userId/credentials/forgot_password', forgot, async (request) => {
    const link = !flag('sendEmail', request.query.sendEmail, true);
    const key = keyOf(request, request.params.userId);
    const token = await forgotPassword(contextOf(deps, request), key, { link });
    return token === undefined ? {} : { resetPasswordUrl: resetUrl(baseOf(deps, request), token) };
  });

  const answer = { config: may('users.credentials'), schema: { params: UserParams, body: AnswerBody } };
  api.post('/users/:userId/credentials/forgot_password_recovery_question', answer, async (request) => {
    const { password, recovery_question: given } = request.body;
    const key = keyOf(request, request.params.userId);
    const input = { answer: given.answer, newPassword: password.value };
    return presentCredentials(await answerRecoveryQuestion(contextOf(deps, request), key, input));
  });
}
