import { en, type Catalogue } from './en';

/** A second language is a file beside `en.ts` of the same shape, and a line here: the compiler says what it lacks. */
const catalogues: Readonly<Record<string, Catalogue>> = { en };

/** All the words the console shows, in the language the browser asks for first that there is. */
export const t: Catalogue = navigator.languages.map((tag) => catalogues[tag.split('-')[0] ?? '']).find(Boolean) ?? en;
