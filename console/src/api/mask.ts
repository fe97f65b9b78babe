/** What stands in the place of a secret. */
export const hidden = '••••';
const secretName = /(password|secret|answer|token|hash)$/i;
/** What says how to sign in somewhere: but for these names, every text in it may be a secret. */
const plainInAuth = ['scheme', 'username', 'headerName', 'tokenUrl', 'clientId', 'scope', 'authScheme', 'baseUrl'];

/** The same JSON with every text that is, or may be, a secret replaced. */
export function masked(json: unknown, within: 'auth' | 'password' | 'nothing' = 'nothing'): unknown {
  if (Array.isArray(json)) return json.map((each) => masked(each, within));
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, maskedValue(name, value, within)]));
}

function maskedValue(name: string, value: unknown, within: 'auth' | 'password' | 'nothing'): unknown {
  if (typeof value === 'string') return value !== '' && isSecret(name, within) ? hidden : value;
  if (name === 'auth') return masked(value, 'auth');
  return masked(value, secretName.test(name) ? 'password' : within);
}

function isSecret(name: string, within: 'auth' | 'password' | 'nothing'): boolean {
  if (within === 'auth') return !plainInAuth.includes(name);
  return secretName.test(name) || (within === 'password' && ['value', 'salt'].includes(name));
}
