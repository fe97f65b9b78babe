/** The languages the console speaks, each by its own name. */
export const languages = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof languages;
/** English made longer, in brackets and with accents: it shows what no catalogue holds and what is too narrow. */
export const pseudo = 'qps';

const kept = 'usher-language';
const isLanguage = (tag: string): tag is Language => Object.hasOwn(languages, tag);

/** The language somebody has chosen in this browser, if they have. */
export function chosenLanguage(): Language | typeof pseudo | undefined {
  const chosen = localStorage.getItem(kept) ?? '';
  return isLanguage(chosen) || chosen === pseudo ? chosen : undefined;
}

/** The chosen language, else the first that the browser asks for and there is, else English. */
export function spokenLanguage(): Language | typeof pseudo {
  const asked = navigator.languages.map((tag) => tag.split('-')[0] ?? '');
  return chosenLanguage() ?? asked.find(isLanguage) ?? 'en';
}

/** Keeps the choice, or with `undefined` leaves it to the browser again, and loads the page anew in that language. */
export function chooseLanguage(language: Language | undefined): void {
  if (language === undefined) localStorage.removeItem(kept);
  else localStorage.setItem(kept, language);
  location.reload();
}
