import type { Profile } from '../domain/profile.ts';
import type { AppSetup } from './app-setup.ts';

/** The attribute of the app's schema accounts are recognised by; undefined where user names or our key serve. */
export function uniqueAttributeOf({ provisioning: { uniqueAttribute } }: AppSetup): string | undefined {
  return uniqueAttribute === 'userName' || uniqueAttribute === 'externalId' ? undefined : uniqueAttribute;
}

/** What somebody's account is recognised by, where their app has an attribute for it and they a value. */
export function uniqueValue(setup: AppSetup, profile: Profile): string | undefined {
  const attribute = uniqueAttributeOf(setup);
  const value = attribute === undefined ? undefined : profile[attribute];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Whether an account that bears the person's user name is taken for theirs. */
export function matchesByName({ provisioning: { uniqueAttribute = 'userName' } }: AppSetup): boolean {
  return uniqueAttribute === 'userName';
}
