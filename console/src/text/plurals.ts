export const locale = 'en';
export const number = new Intl.NumberFormat(locale);
const rules = new Intl.PluralRules(locale);

/** A number with its word: "1 person", "1,240 people". */
export const many = (count: number, one: string, other: string) =>
  `${number.format(count)} ${rules.select(count) === 'one' ? one : other}`;
