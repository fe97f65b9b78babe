import { createRequire } from 'node:module';
import countries, { type LocaleData } from 'i18n-iso-countries/index.js';

// The package's main entry would load the names in eighty languages.
const english: LocaleData = createRequire(import.meta.url)('i18n-iso-countries/langs/en.json');
countries.registerLocale(english);

export interface Country {
  /** `IN` */
  readonly alpha2: string;
  /** `IND` */
  readonly alpha3: string;
  /** Three digits with leading zeros: `356`. */
  readonly numeric: string;
  /** The English short name: `India`. */
  readonly name: string;
}

const byCode = new Map<string, Country>();
for (const [alpha2, alpha3] of Object.entries(countries.getAlpha2Codes())) {
  const numeric = countries.alpha2ToNumeric(alpha2) ?? '';
  const country = { alpha2, alpha3, numeric, name: countries.getName(alpha2, 'en') ?? alpha2 };
  for (const code of [alpha2, alpha3, numeric]) byCode.set(code, country);
}

/** The country an ISO 3166-1 code stands for: two or three letters in any case, or a number up to three digits. */
export function countryByCode(code: string): Country | undefined {
  const trimmed = code.trim().toUpperCase();
  return byCode.get(/^\d{1,2}$/.test(trimmed) ? trimmed.padStart(3, '0') : trimmed);
}
