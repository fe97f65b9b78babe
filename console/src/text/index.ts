import { en, type Catalogue } from './en';
import { spokenLanguage } from './language';

/** Another language is a folder beside `de`, and a line here and in `language.ts`: the compiler says what it lacks. */
const catalogues: Readonly<Record<ReturnType<typeof spokenLanguage>, () => Promise<Catalogue>>> = {
  en: () => Promise.resolve(en),
  de: async () => (await import('./de/de')).de,
  qps: async () => (await import('./pseudo')).stretched,
};

/** All the words the console shows, in one language for as long as the page is loaded. */
export const t: Catalogue = await catalogues[spokenLanguage()]();
document.documentElement.lang = t.locale;
