/**
 * The form in which logins and account names are compared: NFKC, then case folded. Upper-casing first folds
 * what lower-casing alone leaves apart (`ß`/`ss`, `ſ`/`s`, final sigma).
 */
export function foldName(name: string): string {
  return name.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
}
