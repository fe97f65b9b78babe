import { ok, type Operation } from '../../openapi/operation.ts';
import { ResetLink, UserCredentialsSchema } from './answers.ts';

const password = { value: 'correct horse battery' };
const answers = ok(UserCredentialsSchema, 'What they sign in with');

export const credentialOperations: { readonly [route: string]: Operation } = {
  'POST /api/v1/users/:userId/credentials/change_password': {
    id: 'changePassword',
    summary: 'Change the password of a user who knows the old one',
    example: { oldPassword: password, newPassword: { value: 'another horse battery' } },
    answers,
  },
  'POST /api/v1/users/:userId/credentials/change_recovery_question': {
    id: 'changeRecoveryQuestion',
    summary: 'Change the recovery question of a user who knows the password',
    example: { password, recovery_question: { question: 'Whose daughter?', answer: 'Byron' } },
    answers,
  },
  'POST /api/v1/users/:userId/credentials/forgot_password': {
    id: 'forgotPassword',
    summary: 'Let a user who forgot the password set a new one',
    description: 'Usher sends no mail: with `sendEmail=false` the answer has the link to hand over.',
    answers: ok(ResetLink, 'The link to hand over'),
  },
  'POST /api/v1/users/:userId/credentials/forgot_password_recovery_question': {
    id: 'forgotPasswordSetNewPassword',
    summary: 'Set the password of a user who answers the recovery question',
    example: { password, recovery_question: { answer: 'Byron' } },
    answers,
  },
};
