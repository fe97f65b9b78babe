import { expect, test } from 'vitest';
import { openCsv, type CsvItem } from './csv.ts';

/** In pieces of `size` bytes, so that characters and line ends are cut in two. */
async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

async function read(bytes: Buffer, size = 3) {
  const file = await openCsv(inPieces(bytes, size));
  const items: CsvItem[] = [];
  for await (const item of file.items) items.push(item);
  return { items, encoding: file.encoding(), delimiter: file.delimiter };
}

const people = 'name;city\nJosé;Köln\nŽofie;"a\nb"\nO’Brien;€\n';
const rows = [
  { line: 1, cells: ['name', 'city'] },
  { line: 2, cells: ['José', 'Köln'] },
  { line: 3, cells: ['Žofie', 'a\nb'] },
  { line: 5, cells: ['O’Brien', '€'] },
];

test.each([
  ['UTF-8', Buffer.from(people), 'UTF-8'],
  ['UTF-8 with a mark', Buffer.from(`\ufeff${people}`), 'UTF-8'],
  ['UTF-16, little end first', Buffer.from(`\ufeff${people}`, 'utf16le'), 'UTF-16LE'],
  ['UTF-16, big end first', Buffer.from(`\ufeff${people}`, 'utf16le').swap16(), 'UTF-16BE'],
  [
    'Windows-1252',
    Buffer.from(people.replace('€', '\x80').replace('’', '\x92').replace('Ž', '\x8e'), 'latin1'),
    'Windows-1252',
  ],
] as const)('reads %s', async (_, bytes, encoding) => {
  for (const size of [1, 3, 1_000_000]) {
    expect(await read(bytes, size)).toEqual({ items: rows, encoding, delimiter: ';' });
  }
});

test('a character that begins late in a long file is still recognised', async () => {
  const start = `name\n${'plain\n'.repeat(20_000)}`;
  const { items, encoding } = await read(Buffer.from(`${start}J\xf6rg\n`, 'latin1'), 50_000);
  expect(encoding).toBe('Windows-1252');
  expect(items.at(-1)).toEqual({ line: 20_002, cells: ['Jörg'] });
});

test.each([['\n'], ['\r\n'], ['\r']])('lines end with %j, counted also inside quotes', async (end) => {
  const { items } = await read(Buffer.from(people.replaceAll('\n', end)));
  expect(items).toEqual(rows);
});

test.each([
  ['a,b;c', ','],
  ['a;b', ';'],
  ['a\tb', '\t'],
  ['a|b', '|'],
  ['"a,b,c";d', ';'],
  ['a', ','],
  ['\n\na;b', ';'],
])('the delimiter of %j is %j', async (header, delimiter) => {
  expect((await read(Buffer.from(`${header}\n`))).delimiter).toBe(delimiter);
});

test.each([
  ['a quote nobody closes', 'a,b\n1,2\n3,"4\n5,6\n', 'is never closed'],
  ['a quote inside a cell', 'a,b\n1,2\n3,4"5\n', 'a cell that is not quoted'],
  ['text after a quote', 'a,b\n1,2\n3,"4"5\n', 'goes on after its closing quote'],
  ['a cell of 10 MB', `a,b\n1,2\n3,"${'x'.repeat(10_000_000)}"\n`, 'longer than 1048576 bytes'],
])('%s ends the reading with its line', async (_, text, problem) => {
  const { items } = await read(Buffer.from(text), 100_000);
  expect(items.slice(0, 2)).toEqual([
    { line: 1, cells: ['a', 'b'] },
    { line: 2, cells: ['1', '2'] },
  ]);
  expect(items.slice(2)).toEqual([{ line: expect.any(Number), problem: expect.stringContaining(problem) }]);
});

test('two encodings in one file end the reading', async () => {
  const bytes = Buffer.concat([Buffer.from('a\nJosé\n'), Buffer.from('x\n'.repeat(50_000)), Buffer.from([0xe9, 0x0a])]);
  const { items } = await read(bytes, 70_000);
  expect(items.at(-1)).toEqual({ line: expect.any(Number), problem: expect.stringContaining('save it again') });
});

test('a file without a byte has no items', async () => {
  expect((await read(Buffer.alloc(0))).items).toEqual([]);
});
