/** Functions that conditions of group rules have too. */
export const conditionFunctions: readonly string[] = [
  ...['String.append', 'String.join', 'String.len', 'String.removeSpaces', 'String.replace', 'String.replaceFirst'],
  ...['String.startsWith', 'String.stringContains', 'String.stringSwitch', 'String.substring'],
  ...['String.substringAfter', 'String.substringBefore', 'String.toLowerCase', 'String.toUpperCase'],
  ...['toUpperCase', 'toLowerCase', 'substring', 'substringBefore', 'substringAfter'],
  ...['fn:replace', 'fn:substring', 'fn:substringAfter', 'fn:substringBefore', 'fn:toLowerCase', 'fn:toUpperCase'],
  ...['Arrays.add', 'Arrays.clear', 'Arrays.contains', 'Arrays.flatten', 'Arrays.get', 'Arrays.isEmpty'],
  ...['Arrays.remove', 'Arrays.size', 'Arrays.toCsvString'],
  ...['isMemberOfGroup', 'isMemberOfAnyGroup', 'isMemberOfGroupName', 'isMemberOfGroupNameStartsWith'],
  ...['isMemberOfGroupNameContains', 'isMemberOfGroupNameRegex'],
  ...['user.getGroups', 'user.isMemberOf', 'user.getInternalProperty', 'user.getLinkedObject'],
];

/** Functions that only mappings have. */
export const mappingFunctions: readonly string[] = [
  ...['Convert.toInt', 'Convert.toNum', 'Iso3166Convert.toAlpha2', 'Iso3166Convert.toAlpha3'],
  ...['Iso3166Convert.toName', 'Iso3166Convert.toNumeric', 'Time.now', 'Time.fromWindowsToIso8601'],
  ...['Time.fromUnixToIso8601', 'Time.fromStringToIso8601', 'Time.fromIso8601ToWindows', 'Time.fromIso8601ToUnix'],
  ...['Time.fromIso8601ToString', 'getFilteredGroups', 'Groups.contains', 'Groups.endsWith', 'Groups.startsWith'],
  ...['getManagerUser', 'getAssistantUser', 'getManagerAppUser', 'getAssistantAppUser'],
  ...['hasDirectoryUser', 'findDirectoryUser', 'hasWorkdayUser', 'findWorkdayUser'],
];

/** A word to put in place of what is being typed; `from` is where that begins. */
export interface Completion {
  readonly from: number;
  readonly words: readonly string[];
}

const most = 8;

/** What the word before the caret may become; undefined within a text in quotes and where nothing fits. */
export function completionOf(source: string, caret: number, words: readonly string[]): Completion | undefined {
  const before = source.slice(0, caret);
  const typed = /[A-Za-z_][\w.:]*$/.exec(before)?.[0];
  if (typed === undefined || isInText(before)) return undefined;
  const wanted = typed.toLowerCase();
  const fitting = words.filter((word) => word !== typed && word.toLowerCase().startsWith(wanted));
  // Who types the last part of a name only means it too.
  const byLastPart = words.filter((word) => lastPartOf(word).startsWith(wanted) && !fitting.includes(word));
  const all = [...fitting, ...byLastPart].slice(0, most);
  // The name of an app alone is no whole expression.
  const isWhole = words.includes(typed) && !typed.endsWith('.');
  return all.length === 0 || isWhole ? undefined : { from: caret - typed.length, words: all };
}

/** What is before the dot of the name that ends at the caret: perhaps an app whose attributes follow. */
export function rootBefore(source: string, caret: number): string | undefined {
  return /([A-Za-z_]\w*)\.\w*$/.exec(source.slice(0, caret))?.[1];
}

function lastPartOf(word: string): string {
  const name = word.endsWith('.') ? word.slice(0, -1) : word;
  return name.slice(Math.max(name.lastIndexOf('.'), name.lastIndexOf(':')) + 1).toLowerCase();
}

function isInText(before: string): boolean {
  let quote = '';
  for (const character of before) {
    if (quote === '' && (character === '"' || character === "'")) quote = character;
    else if (character === quote) quote = '';
  }
  return quote !== '';
}
