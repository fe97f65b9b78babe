import { jsonEqual } from '../../lib/json.ts';
import { csvOf, fail, integerOf, spend, type Evaluation } from '../evaluation.ts';
import { maxNesting } from '../parser.ts';
import { isArray, isObject, type ExpressionValue } from '../values.ts';
import { argument, type Arguments, type FunctionDefinition, type FunctionTable } from './definition.ts';

type Items = readonly ExpressionValue[];

function onArray(
  signature: string,
  returns: FunctionDefinition['returns'],
  run: (items: Items, args: Arguments, evaluation: Evaluation) => ExpressionValue,
): FunctionDefinition {
  const arity = signature.split(',').length;
  return {
    ...{ signature, least: arity, most: arity, inConditions: true, returns },
    run: (args, evaluation) => run(itemsOf(evaluation, argument(args, 0)), args, evaluation),
  };
}

export const arrayFunctions: FunctionTable = {
  'Arrays.add': onArray('(array, value)', 'array', (items, args) => [...items, argument(args, 1)]),
  'Arrays.clear': onArray('(array)', 'array', () => []),
  'Arrays.contains': onArray('(array, value)', 'boolean', (items, args) => {
    const wanted = argument(args, 1);
    return items.some((item) => jsonEqual(item, wanted));
  }),
  'Arrays.flatten': {
    ...{ signature: '(value, …)', least: 1, most: Infinity, inConditions: true, returns: 'array' },
    run: (args, evaluation) => {
      const flat: ExpressionValue[] = [];
      for (const value of args) flattenInto(flat, value, 0, evaluation);
      return flat;
    },
  },
  'Arrays.get': onArray(
    '(array, position)',
    'any',
    (items, args, evaluation) => items[integerOf(evaluation, argument(args, 1)) ?? -1] ?? null,
  ),
  'Arrays.isEmpty': onArray('(array)', 'boolean', (items) => items.length === 0),
  'Arrays.remove': onArray('(array, value)', 'array', (items, args) => {
    const unwanted = argument(args, 1);
    return items.filter((item) => !jsonEqual(item, unwanted));
  }),
  'Arrays.size': onArray('(array)', 'number', (items) => items.length),
  'Arrays.toCsvString': onArray('(array)', 'string', (items, _args, evaluation) => csvOf(evaluation, items)),
};

/** The elements of an array; of a text, its comma separated values, trimmed; none of null or an empty text. */
function itemsOf(evaluation: Evaluation, value: ExpressionValue): Items {
  if (value === null || value === '') return [];
  if (isObject(value)) return fail(evaluation, 'expected an array, found an object');
  if (typeof value === 'string') spend(evaluation, value.length >> 10);
  const items = isArray(value) ? value : typeof value === 'string' ? splitCsv(value) : [value];
  spend(evaluation, items.length);
  return items;
}

function splitCsv(csv: string): Items {
  return csv.split(',').map((item) => item.trim());
}

/** Nested arrays are taken apart; nulls are left out. */
function flattenInto(flat: ExpressionValue[], value: ExpressionValue, depth: number, evaluation: Evaluation): void {
  spend(evaluation, 1);
  if (depth > maxNesting) return fail(evaluation, `expected arrays nested at most ${maxNesting} deep`);
  if (isArray(value)) for (const item of value) flattenInto(flat, item, depth + 1, evaluation);
  else if (value !== null) flat.push(value);
}
