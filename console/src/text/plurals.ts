/** Numbers, and numbers with their word, as a language writes them. */
export function numbersIn(locale: string) {
  const number = new Intl.NumberFormat(locale);
  const rules = new Intl.PluralRules(locale);
  /** A number with its word: "1 person", "1,240 people". */
  const many = (count: number, one: string, other: string) =>
    `${number.format(count)} ${rules.select(count) === 'one' ? one : other}`;
  return { number, many };
}

export const locale = 'en';
export const { number, many } = numbersIn(locale);
