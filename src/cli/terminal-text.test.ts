import { describe, expect, test } from 'vitest';
import { createStyle, displayWidth, padded, printable, truncated } from './terminal-text.ts';

describe('displayWidth', () => {
  test.each([
    ['Ada', 3],
    ['Müge İşçi', 9],
    ['e\u0301', 1],
    ['髙橋 健一', 9],
    ['สมชาย ใจดี', 9],
    [createStyle(true).red('Ada'), 3],
  ])('%j takes %i columns', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });
});

test('padding and cutting count columns, not characters', () => {
  expect(padded('健一', 6)).toBe('健一  ');
  expect(padded('7', 3, 'left')).toBe('  7');
  expect(truncated('髙橋 健一', 6)).toBe('髙橋 …');
  expect(truncated('Ada', 3)).toBe('Ada');
});

test('text from outside cannot steer the terminal', () => {
  expect(printable('a\u001b[2Jb\u202ec\r\nd')).toBe('a�[2Jb�c��d');
  expect(printable('Γιώργος\tO’Brien')).toBe('Γιώργος O’Brien');
});

test('without colour a text stays as it is', () => {
  expect(createStyle(false).green('ok')).toBe('ok');
  expect(createStyle(true).green('ok')).toBe('\u001b[32mok\u001b[39m');
});
