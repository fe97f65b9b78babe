import { Type } from 'typebox';
import { Nothing } from '../../openapi/answer-parts.ts';
import { ok, type Operation } from '../../openapi/operation.ts';
import { ActivationLink, ResetLink, UserSchema } from './answers.ts';

const sendEmail = 'Usher sends no mail: with `sendEmail=false` the answer has the link to hand over.';

export const lifecycleOperations: { readonly [route: string]: Operation } = {
  'POST /api/v1/users/:userId/lifecycle/activate': {
    id: 'activateUser',
    summary: 'Activate a user',
    description: `For people who are STAGED or DEPROVISIONED. ${sendEmail}`,
    answers: ok(ActivationLink, 'The link to hand over'),
  },
  'POST /api/v1/users/:userId/lifecycle/reactivate': {
    id: 'reactivateUser',
    summary: 'Start the activation of a user again',
    description: sendEmail,
    answers: ok(ActivationLink, 'The link to hand over'),
  },
  'POST /api/v1/users/:userId/lifecycle/deactivate': {
    id: 'deactivateUser',
    summary: 'Deactivate a user',
    description: 'They lose every app; their accounts are deactivated where the app has that switched on.',
    answers: ok(Nothing),
  },
  'POST /api/v1/users/:userId/lifecycle/suspend': {
    id: 'suspendUser',
    summary: 'Suspend a user',
    description: 'For people who are ACTIVE. They keep their apps.',
    answers: ok(Nothing),
  },
  'POST /api/v1/users/:userId/lifecycle/unsuspend': {
    id: 'unsuspendUser',
    summary: 'End the suspension of a user',
    answers: ok(Nothing),
  },
  'POST /api/v1/users/:userId/lifecycle/unlock': {
    id: 'unlockUser',
    summary: 'Unlock a user',
    answers: ok(Nothing),
  },
  'POST /api/v1/users/:userId/lifecycle/reset_factors': {
    id: 'resetFactors',
    summary: 'Reset the factors of a user',
    description: 'Changes nothing: Usher keeps no factors, and answers as Okta does for clients that always ask.',
    answers: ok(Nothing),
  },
  'POST /api/v1/users/:userId/lifecycle/expire_password': {
    id: 'expirePassword',
    summary: 'Expire the password of a user',
    answers: ok(UserSchema, 'The user, who has to set a new password'),
  },
  'POST /api/v1/users/:userId/lifecycle/expire_password_with_temp_password': {
    id: 'expirePasswordAndGetTemporaryPassword',
    summary: 'Replace the password of a user by a temporary one',
    answers: ok(Type.Object({ tempPassword: Type.String() }), 'The temporary password, shown this once'),
  },
  'POST /api/v1/users/:userId/lifecycle/reset_password': {
    id: 'generateResetPasswordToken',
    summary: 'Let a user set a new password',
    description: sendEmail,
    answers: ok(ResetLink, 'The link to hand over'),
  },
};
