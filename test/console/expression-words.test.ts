import { describe, expect, test } from 'vitest';
import { completionOf, conditionFunctions, mappingFunctions } from '../../console/src/parts/expression-words.ts';
import { functionTable } from '../../src/expression/functions/table.ts';

describe('completing an expression', () => {
  test('the console knows the functions there are, and which of them conditions have', () => {
    const inConditions = (wanted: boolean) =>
      Object.keys(functionTable).filter((name) => (functionTable[name]?.inConditions === true) === wanted);
    expect([...conditionFunctions].sort()).toEqual(inConditions(true).sort());
    expect([...mappingFunctions].sort()).toEqual(inConditions(false).sort());
  });

  const words = ['user.title', 'user.firstName', 'String.toUpperCase', 'toUpperCase', 'fn:substring'];
  test.each([
    ['user.t', 6, { from: 0, words: ['user.title'] }],
    ['USER.', 5, { from: 0, words: ['user.title', 'user.firstName'] }],
    ['first', 5, { from: 0, words: ['user.firstName'] }],
    ['touppercas', 10, { from: 0, words: ['toUpperCase', 'String.toUpperCase'] }],
    ['fn:sub', 6, { from: 0, words: ['fn:substring'] }],
    ['toUpperCase(user.ti)', 19, { from: 12, words: ['user.title'] }],
    ['user.title', 10, undefined],
    ['"user.t', 7, undefined],
    ["'a' + user.t", 12, { from: 6, words: ['user.title'] }],
    ['"it\'s" + user.t', 15, { from: 9, words: ['user.title'] }],
    ['nothing', 7, undefined],
    ['', 0, undefined],
  ])('%j at %i', (source, caret, completion) => {
    expect(completionOf(source, caret, words)).toEqual(completion);
  });
});
