import { en } from './en';

const accents: Readonly<Record<string, string>> = Object.fromEntries(
  [...'aâbƀcçdðeéfƒgĝhĥiîjĵkķlļmɱnñoôpþqɋrŕsštţuûvṽwŵxẋyýzž'.matchAll(/(.)(.)/gu)].flatMap(
    ([, plain = '', accent = '']) => [
      [plain, accent],
      [plain.toUpperCase(), accent.toUpperCase()],
    ],
  ),
);

/** As long as most translations are: two fifths longer. */
const stretch = (text: string) =>
  `[${text.replace(/[A-Za-z]/g, (letter) => accents[letter] ?? letter)}${' ···'.repeat(Math.ceil(text.length / 10))}]`;

function stretchAll<Words extends object>(words: Words): Words {
  return new Proxy(words, {
    get: (target, key) => (key === 'locale' ? Reflect.get(target, key) : stretchOne(Reflect.get(target, key))),
  });
}

function stretchOne(word: unknown): unknown {
  if (typeof word === 'string') return stretch(word);
  if (typeof word === 'function') return (...given: unknown[]) => stretchOne(Reflect.apply(word, undefined, given));
  return typeof word === 'object' && word !== null ? stretchAll(word) : word;
}

export const stretched = stretchAll(en);
