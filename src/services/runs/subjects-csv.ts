import { openCsv } from '../../lib/csv.ts';
import { UsherError } from '../../lib/errors.ts';

const columnNames = ['login', 'id', 'userid', 'username', 'user', 'email'];

/**
 * The people a CSV file names: the column called login, id or user name where there is one of these, the first one of
 * a file of one column otherwise.
 *
 * @throws {UsherError} `invalid_input` naming the line, for what is not CSV, is too long or names nobody.
 */
export async function readSubjects(source: AsyncIterable<Uint8Array>, bytesMax: number): Promise<string[]> {
  const file = await openCsv(bounded(source, bytesMax));
  const subjects: string[] = [];
  let column: number | undefined;
  for await (const item of file.items) {
    if ('problem' in item) throw faulty(`line ${item.line}`, item.problem);
    if (column === undefined) {
      column = item.cells.findIndex((cell) =>
        columnNames.includes(
          cell
            .trim()
            .toLowerCase()
            .replace(/[\s_-]/g, ''),
        ),
      );
      if (column < 0) throw faulty(`line ${item.line}`, `has no column called ${columnNames.slice(0, 2).join(' or ')}`);
      continue;
    }
    const cell = item.cells[column]?.trim() ?? '';
    if (cell.includes('\0')) throw faulty(`line ${item.line}`, 'contains a NUL character');
    if (cell !== '') subjects.push(cell);
  }
  if (subjects.length === 0) throw faulty('line 1', 'is followed by nobody');
  return subjects;
}

async function* bounded(source: AsyncIterable<Uint8Array>, bytesMax: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const piece of source) {
    bytes += piece.length;
    if (bytes > bytesMax) throw faulty('the file', `is longer than ${bytesMax} bytes`);
    yield piece;
  }
}

function faulty(field: string, reason: string): UsherError {
  return new UsherError('invalid_input', `The file cannot be used: ${field} ${reason}.`, {
    causes: [{ field, reason }],
  });
}
