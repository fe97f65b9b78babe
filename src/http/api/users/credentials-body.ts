import { Type } from 'typebox';
import type { CredentialProvider } from '../../../domain/user.ts';
import { UsherError } from '../../../lib/errors.ts';
import type { ImportedHash } from '../../../lib/imported-hash.ts';
import type { Credentials } from '../../../services/credentials.ts';
import { invalidValue } from '../../query-values.ts';
import { Nullable } from '../schema.ts';

const HashBody = Type.Object({
  algorithm: Type.Enum(['BCRYPT', 'SHA-512', 'SHA-256', 'SHA-1', 'MD5', 'PBKDF2']),
  value: Type.String(),
  salt: Nullable(Type.String()),
  saltOrder: Nullable(Type.Enum(['PREFIX', 'POSTFIX'])),
  workFactor: Nullable(Type.Integer()),
  digestAlgorithm: Nullable(Type.Enum(['SHA256_HMAC', 'SHA512_HMAC'])),
  iterationCount: Nullable(Type.Integer()),
  keySize: Nullable(Type.Integer()),
});

export const PasswordBody = Type.Object({ value: Type.String() });
export const RecoveryQuestionBody = Type.Object({ question: Type.String(), answer: Type.String() });

export const CredentialsBody = Type.Object({
  password: Nullable(
    Type.Object({
      value: Nullable(Type.String()),
      hash: Nullable(HashBody),
      hook: Nullable(Type.Unknown()),
    }),
  ),
  // Clients send back what they were shown, which is the question alone.
  recovery_question: Nullable(Type.Object({ question: Nullable(Type.String()), answer: Nullable(Type.String()) })),
  provider: Nullable(Type.Object({ type: Nullable(Type.String()), name: Nullable(Type.String()) })),
});
export type CredentialsBody = Type.Static<typeof CredentialsBody>;

/**
 * `password: {}` (Terraform always sends it) is no password.
 *
 * @throws {UsherError} `unsupported` for a password hook, `invalid_input` for a hash that lacks something.
 */
export function credentialsOf(given: CredentialsBody | null | undefined): Credentials {
  const { value, hash, hook } = given?.password ?? {};
  if (hook != null) throw hookRefused();
  if (value != null && hash != null)
    throw invalidValue('credentials.password', 'has both a value and a hash; give one');
  const { question, answer } = given?.recovery_question ?? {};
  if (answer != null && question == null) throw invalidValue('recovery_question', 'has an answer and no question');
  return {
    ...(value == null ? {} : { password: value }),
    ...(hash == null ? {} : { importedHash: hashOf(hash) }),
    ...(question == null || answer == null ? {} : { recoveryQuestion: { question, answer } }),
  };
}

/** Who vouches for a new person, where `?provider=true` says that the body names somebody else than Usher. */
export function providerOf(given: CredentialsBody | null | undefined): CredentialProvider {
  const { type, name } = given?.provider ?? {};
  if (type === 'OKTA' || type === 'FEDERATION' || type === 'SOCIAL') return { type, name: name ?? type };
  throw invalidValue('credentials.provider', 'must be of type OKTA, FEDERATION or SOCIAL when provider=true');
}

function hashOf(hash: Type.Static<typeof HashBody>): ImportedHash {
  const { algorithm, value } = hash;
  if (algorithm === 'BCRYPT') {
    return { algorithm, value, workFactor: needed('workFactor', hash.workFactor), salt: needed('salt', hash.salt) };
  }
  if (algorithm === 'PBKDF2') {
    return {
      algorithm,
      value,
      salt: needed('salt', hash.salt),
      digestAlgorithm: needed('digestAlgorithm', hash.digestAlgorithm),
      iterationCount: needed('iterationCount', hash.iterationCount),
      keySize: needed('keySize', hash.keySize),
    };
  }
  return {
    algorithm,
    value,
    ...(hash.salt == null ? {} : { salt: hash.salt }),
    ...(hash.saltOrder == null ? {} : { saltOrder: hash.saltOrder }),
  };
}

function needed<Value>(field: string, value: Value | null | undefined): Value {
  if (value != null) return value;
  throw invalidValue(`credentials.password.hash.${field}`, 'cannot be left blank for this algorithm');
}

function hookRefused(): UsherError {
  const reason = 'password import hooks are not supported';
  return new UsherError(
    'invalid_input',
    `The user cannot be taken: ${reason}. Import the hash of the password (credentials.password.hash), or let the person choose a new one.`,
    { causes: [{ field: 'credentials.password.hook', reason }] },
  );
}
