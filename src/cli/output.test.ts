import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { createOutput, facts, type OutputOptions } from './output.ts';
import { createStyle } from './terminal-text.ts';

const columns = [
  { title: 'name', value: (row: { readonly [key: string]: unknown }) => String(row['name']) },
  {
    title: 'count',
    value: (row: { readonly [key: string]: unknown }) => String(row['count']),
    align: 'right' as const,
  },
];
const rows = [
  { name: '髙橋', count: 7 },
  { name: 'Ada\u001b[2J', count: 1_200 },
];

function open(options: Partial<OutputOptions> = {}) {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const output = createOutput({ stdout, stderr, json: false, quiet: false, colour: true, ...options });
  return { output, stdout: () => String(stdout.read() ?? ''), stderr: () => String(stderr.read() ?? '') };
}

describe('output', () => {
  test('prints the text, or the document with --json', () => {
    const text = open();
    text.output.answer({ id: 1 }, () => 'one');
    expect(text.stdout()).toBe('one\n');
    const json = open({ json: true });
    json.output.answer({ id: 1 }, () => 'one');
    expect(JSON.parse(json.stdout())).toEqual({ id: 1 });
  });

  test('says nothing but failures when quiet', () => {
    const { output, stdout, stderr } = open({ quiet: true });
    output.note('working');
    output.failure('It failed.', ['because']);
    expect(stderr()).toBe('✗ It failed.\n  because\n');
    expect(stdout()).toBe('');
  });

  test('aligns by columns and disarms control characters', () => {
    expect(open().output.table(columns, rows)).toBe(['NAME     COUNT', '髙橋         7', 'Ada�[2J   1200'].join('\n'));
  });

  test('fits a table to the terminal by cutting its widest column', () => {
    const stdout = Object.assign(new PassThrough(), { isTTY: true, columns: 20 });
    const { output } = open({ stdout, colour: false });
    const [, line] = output.table(columns, [{ name: 'a very long name indeed', count: 1 }]).split('\n');
    expect(line).toBe('a very long …      1');
  });

  test('facts leave out what is empty', () => {
    expect(
      facts(
        [
          ['id', 'x'],
          ['label', ''],
          ['status', 'ACTIVE'],
        ],
        createStyle(false),
      ),
    ).toBe('id      x\nstatus  ACTIVE');
  });
});
