import type { AttributeDefinitions } from '../domain/profile-schema.ts';

/** What an OpenID Connect client may be told of a person: the standard claims, in Okta's order. */
export const oidcAttributes = {
  userName: { ...claim('Username'), required: true, externalName: 'preferred_username' },
  name: claim('Name', 'The full name as it is shown.'),
  nickname: claim('Nickname', 'A casual name, which need not be the given name.'),
  given_name: claim('Given Name', 'The given or first name.'),
  middle_name: claim('Middle Name', 'The middle name.'),
  family_name: claim('Family Name', 'The surname or last name.'),
  email: claim('Email', 'The preferred e-mail address.'),
  profile: claim('Profile URL', "The address of the person's profile page."),
  picture: claim('Picture URL', "The address of the person's picture."),
  website: claim('Website', "The address of the person's page or blog."),
  gender: claim('Gender', 'The gender.'),
  birthdate: claim('Birthdate', 'The birthday, as YYYY-MM-DD.'),
  zoneinfo: claim('Time Zone', 'The time zone.'),
  locale: claim('Locale Name', 'Language and country, such as en-US.'),
  phone_number: claim('Phone Number', 'The preferred telephone number, in E.164 form.'),
  street_address: address('Street Address', 'street_address', 'The whole street address.'),
  locality: address('Locality', 'locality', 'The city.'),
  region: address('Region', 'region', 'The state, province or region.'),
  postal_code: address('Postal Code', 'postal_code', 'The postal code.'),
  country: address('Country', 'country', 'The name of the country.'),
  formatted: address('Formatted', 'formatted', 'The whole address as it is shown.'),
} as const satisfies AttributeDefinitions;

function claim(title: string, description?: string) {
  return { title, type: 'string', ...(description === undefined ? {} : { description }), scope: 'SELF' } as const;
}

function address(title: string, part: string, description: string) {
  return { ...claim(title, description), externalName: `address.${part}` } as const;
}
