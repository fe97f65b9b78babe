import { describe, expect, test } from 'vitest';
import {
  completionOf,
  conditionFunctions,
  mappingFunctions,
  rootBefore,
} from '../../console/src/parts/expression-words.ts';
import { functionTable } from '../../src/expression/functions/table.ts';

describe('completing an expression', () => {
  test('the console knows the functions there are, and which of them conditions have', () => {
    const inConditions = (wanted: boolean) =>
      Object.keys(functionTable).filter((name) => (functionTable[name]?.inConditions === true) === wanted);
    expect([...conditionFunctions].sort()).toEqual(inConditions(true).sort());
    expect([...mappingFunctions].sort()).toEqual(inConditions(false).sort());
  });

  const functions = ['String.toUpperCase', 'toUpperCase', 'fn:substring'];
  const words = ['user.title', 'user.firstName', ...functions, 'slack_1.', 'slack_1.nickName'];
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
    ['sla', 3, { from: 0, words: ['slack_1.', 'slack_1.nickName'] }],
    ['slack_1.', 8, { from: 0, words: ['slack_1.nickName'] }],
    ['nickn', 5, { from: 0, words: ['slack_1.nickName'] }],
    ['slack_1.nickName', 16, undefined],
    ['', 0, undefined],
  ])('%j at %i', (source, caret, completion) => {
    expect(completionOf(source, caret, words)).toEqual(completion);
  });

  test.each([
    ['slack_1.ni', 10, 'slack_1'],
    ['user.title + slack_1.', 21, 'slack_1'],
    ['slack_1', 7, undefined],
    ['slack_1.x ', 10, undefined],
  ])('the name before the dot of %j at %i', (source, caret, root) => {
    expect(rootBefore(source, caret)).toBe(root);
  });
});
