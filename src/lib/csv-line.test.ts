import { expect, test } from 'vitest';
import { csvLine } from './csv-line.ts';

test.each([
  [['a', 'b c'], 'a,b c\r\n'],
  [['a,b', 'say "no"', 'two\nlines'], '"a,b","say ""no""","two\nlines"\r\n'],
  [['=1+1', '+1', '-1', '@a', '\tx'], "'=1+1,'+1,'-1,'@a,'\tx\r\n"],
  [['＝1', '＋1', '－1', '＠a', '\n=1', ' =1'], `'＝1,'＋1,'－1,'＠a,"'\n=1", =1\r\n`],
  [[-1, 0, null, undefined, ''], '-1,0,,,\r\n'],
])('%j is the line %j', (cells, line) => expect(csvLine(cells)).toBe(line));
