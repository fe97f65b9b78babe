import { many, number } from './numbers';

type Match = 'exact' | 'partial' | 'ambiguous' | 'none' | 'unknown';
const matches: Readonly<Record<Match, string>> = {
  exact: 'Genau',
  partial: 'Teilweise',
  ambiguous: 'Mehrdeutig',
  none: 'Kein Konto',
  unknown: 'Noch nicht verglichen',
};

export const unprovisioned = {
  tab: (count: number) => `Ohne Konto (${number.format(count)})`,
  look: 'Erst ansehen',
  list: 'Personen ohne Konto',
  what: 'Sie bekamen die Anwendung, bevor die Bereitstellung an war. Das Vergleichen liest die Konten der Anwendung einmal und schreibt nichts. Ein Konto, das genau ihres ist, wird verknüpft; wo keines ist, wird eines angelegt.',
  match: 'Übereinstimmung',
  any: 'Alle',
  matches,
  withCount: (match: Match, count: number) => `${matches[match]} (${number.format(count)})`,
  why: {
    exact: 'Das Konto trägt ihren Schlüssel oder ihren Benutzernamen. Es wird verknüpft.',
    partial: 'Das Konto hat ihre E-Mail-Adresse oder ihren Namen, und einen anderen Benutzernamen.',
    ambiguous: 'Mehrere Konten könnten ihres sein. Es bleibt, bis das geklärt ist.',
    none: 'Kein Konto gleicht ihnen. Es wird eines angelegt.',
    unknown: 'Was da ist, zeigt sich beim Bereitstellen.',
  },
  account: 'Konto in der App',
  changes: 'Würde sich ändern',
  compare: 'Mit der App vergleichen',
  empty: 'Alle, die die Anwendung haben, haben ein Konto oder bekommen eines.',
  emptyFiltered: 'Niemand ist so.',
  allTitle: (count: number) => `${many(count, 'Person', 'Personen')} bereitstellen?`,
  allWhat:
    'Konten werden angelegt, oder verknüpft, wo eines genau ihres ist. Bei teilweiser oder mehrdeutiger Übereinstimmung bleibt es.',
  provision: 'Bereitstellen',
  link: 'Verknüpfen',
  create: 'Anderes anlegen',
  begun: 'Es wird getan.',
};
