import type { Json } from '../lib/json.ts';
import type { AttributeDefinition } from './profile-schema.ts';

/** What stands in the place of a value that is not shown. */
const concealed = '••••';

/** Whether nobody is shown the attribute's values: it is called after a secret, or the app never shows it either. */
export function isSensitive(attribute: string, definition?: Pick<AttributeDefinition, 'mutability'>): boolean {
  return definition?.mutability === 'WRITE_ONLY' || secretWord.test(attribute) || secretAbbreviation.test(attribute);
}

/** The value as it may be shown: whether there is one, and not which. */
export function conceal(value: Json): Json {
  const isEmpty = value === null || value === '' || (Array.isArray(value) && value.length === 0);
  return isEmpty ? value : concealed;
}

const secretWord = /passw|passphrase|secret|token/i;
/** As a word of its own: `pin`, `badgePin`, `employee_ssn`, and not `pinned`, `shippingCity` or `businessName`. */
const secretAbbreviation = /(?:^|[^a-zA-Z])(?:pin|ssn|PIN|SSN)(?![a-z])|[a-z](?:Pin|Ssn|PIN|SSN)(?![a-z])/;
