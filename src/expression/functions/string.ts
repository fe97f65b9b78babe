import { checkLength, find, integerOf, spend, textOf, type Evaluation } from '../evaluation.ts';
import { isArray, type ExpressionValue } from '../values.ts';
import { argument, type Arguments, type FunctionDefinition, type FunctionTable } from './definition.ts';

type Transform = (text: string, args: Arguments, evaluation: Evaluation) => ExpressionValue;

/** Null in gives null out, as nothing was ever there to change. */
function transforming(signature: string, arity: number, transform: Transform): FunctionDefinition {
  return {
    ...{ signature, least: arity, most: arity, inConditions: true, returns: 'any' },
    run: (args, evaluation) => {
      const text = textOf(evaluation, argument(args, 0));
      return text === null ? null : transform(text, args, evaluation);
    },
  };
}

/** False when either text is null. */
function testing(
  signature: string,
  test: (text: string, other: string, evaluation: Evaluation) => boolean,
): FunctionDefinition {
  return {
    ...{ signature, least: 2, most: 2, inConditions: true, returns: 'boolean' },
    run: (args, evaluation) => {
      const text = textOf(evaluation, argument(args, 0));
      const other = textOf(evaluation, argument(args, 1));
      return text !== null && other !== null && test(text, other, evaluation);
    },
  };
}

/** Replaces in a text, or in each text of an array. */
function replacing(all: boolean): FunctionDefinition {
  return {
    ...{ signature: '(text, match, replacement)', least: 3, most: 3, inConditions: true, returns: 'any' },
    run: (args, evaluation) => {
      const match = textOf(evaluation, argument(args, 1));
      const replacement = textOf(evaluation, argument(args, 2)) ?? '';
      const replaceIn = (value: ExpressionValue) => {
        const text = textOf(evaluation, value);
        if (text === null || match === null || match === '') return text;
        return replaceMatches(evaluation, text, match, replacement, all);
      };
      const subject = argument(args, 0);
      if (!isArray(subject)) return replaceIn(subject);
      spend(evaluation, subject.length);
      return subject.map(replaceIn);
    },
  };
}

const toUpperCase = transforming('(text)', 1, (text) => text.toUpperCase());
const toLowerCase = transforming('(text)', 1, (text) => text.toLowerCase());
const replace = replacing(true);

const substring = transforming('(text, from, to)', 3, (text, args, evaluation) => {
  const from = integerOf(evaluation, argument(args, 1)) ?? 0;
  const to = integerOf(evaluation, argument(args, 2)) ?? text.length;
  return text.slice(from, to);
});

const substringBefore = transforming('(text, search)', 2, (text, args, evaluation) => {
  const search = textOf(evaluation, argument(args, 1));
  const at = search === null ? -1 : find(evaluation, text, search, 0);
  return at === -1 ? text : text.slice(0, at);
});

const substringAfter = transforming('(text, search)', 2, (text, args, evaluation) => {
  const search = textOf(evaluation, argument(args, 1));
  const at = search === null ? -1 : find(evaluation, text, search, 0);
  return at === -1 || search === null ? '' : text.slice(at + search.length);
});

export const stringFunctions: FunctionTable = {
  'String.append': {
    ...{ signature: '(text, suffix)', least: 2, most: 2, inConditions: true, returns: 'any' },
    run: (args, evaluation) => {
      const text = textOf(evaluation, argument(args, 0));
      const suffix = textOf(evaluation, argument(args, 1));
      return text === null && suffix === null ? null : (text ?? '') + (suffix ?? '');
    },
  },
  'String.join': {
    ...{ signature: '(separator, text, …)', least: 2, most: Infinity, inConditions: true, returns: 'string' },
    run: (args, evaluation) => joinTexts(args, evaluation),
  },
  'String.len': {
    ...{ signature: '(text)', least: 1, most: 1, inConditions: true, returns: 'number' },
    run: (args, evaluation) => textOf(evaluation, argument(args, 0))?.length ?? 0,
  },
  'String.removeSpaces': transforming('(text)', 1, (text) => text.replaceAll(' ', '')),
  'String.replace': replace,
  'String.replaceFirst': replacing(false),
  'String.startsWith': testing('(text, prefix)', (text, prefix) => text.startsWith(prefix)),
  'String.stringContains': testing(
    '(text, search)',
    (text, search, evaluation) => find(evaluation, text, search, 0) !== -1,
  ),
  'String.stringSwitch': {
    ...{ signature: '(text, default, key, value, …)', least: 4, most: Infinity, pairs: true },
    ...{ inConditions: true, returns: 'any' },
    run: (args, evaluation) => switchByText(args, evaluation),
  },
  'String.substring': substring,
  'String.substringAfter': substringAfter,
  'String.substringBefore': substringBefore,
  'String.toLowerCase': toLowerCase,
  'String.toUpperCase': toUpperCase,
  // Deprecated by Okta and still everywhere.
  ...{ toUpperCase, toLowerCase, substring, substringBefore, substringAfter },
  // The same in user-name templates.
  'fn:replace': replace,
  'fn:substring': substring,
  'fn:substringAfter': substringAfter,
  'fn:substringBefore': substringBefore,
  'fn:toLowerCase': toLowerCase,
  'fn:toUpperCase': toUpperCase,
};

/** Null texts count as empty. */
function joinTexts(args: Arguments, evaluation: Evaluation): string {
  const separator = textOf(evaluation, argument(args, 0)) ?? '';
  let joined = '';
  for (let index = 1; index < args.length; index += 1) {
    const text = textOf(evaluation, argument(args, index)) ?? '';
    joined = index === 1 ? text : joined + separator + text;
    checkLength(evaluation, joined.length);
  }
  return joined;
}

/** The value of the first key, in argument order, that occurs anywhere in the text. */
function switchByText(args: Arguments, evaluation: Evaluation): ExpressionValue {
  const text = textOf(evaluation, argument(args, 0));
  for (let index = 2; text !== null && index < args.length; index += 2) {
    const key = textOf(evaluation, argument(args, index));
    if (key !== null && find(evaluation, text, key, 0) !== -1) return argument(args, index + 1);
  }
  return argument(args, 1);
}

function replaceMatches(
  evaluation: Evaluation,
  text: string,
  match: string,
  replacement: string,
  all: boolean,
): string {
  let replaced = '';
  let from = 0;
  for (let at = find(evaluation, text, match, 0); at !== -1; at = all ? find(evaluation, text, match, from) : -1) {
    replaced += text.slice(from, at) + replacement;
    from = at + match.length;
    checkLength(evaluation, replaced.length + text.length - from);
  }
  return replaced + text.slice(from);
}
