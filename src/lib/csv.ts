import { pipeline, Readable } from 'node:stream';
import { CsvError, parse, type Parser } from 'csv-parse';
import { UsherError } from './errors.ts';
import { decodeText, type TextEncoding } from './text-decoding.ts';

const csvDelimiters = [',', ';', '\t', '|'] as const;
export type CsvDelimiter = (typeof csvDelimiters)[number];

/** A record with the line it begins on, counted from 1; or, as the last item, what ended the reading early. */
export type CsvItem =
  { readonly line: number; readonly cells: readonly string[] } | { readonly line: number; readonly problem: string };

export interface CsvFile {
  readonly delimiter: CsvDelimiter;
  /** Every record that is not empty, the header first. */
  readonly items: AsyncIterable<CsvItem>;
  /** Known for certain once all is read. */
  encoding(): TextEncoding;
}

/** Bytes of one record, so that a quote nobody closes does not gather the whole file. */
const maxRecordBytes = 1024 * 1024;

/**
 * Reads RFC 4180 text in any of four encodings, with any of four delimiters and any line ends, piece by piece. The
 * delimiter is the one that occurs most in the first line.
 */
export async function openCsv(source: AsyncIterable<Uint8Array>): Promise<CsvFile> {
  const text = decodeText(source);
  const pieces = withUnixLineEnds(text.pieces)[Symbol.asyncIterator]();
  let start = '';
  let problem: CsvItem | undefined;
  try {
    for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) {
      start += next.value;
      if (firstLine(start).length < start.length || start.length > maxRecordBytes) break;
    }
  } catch (error) {
    problem = faultOf(error, 1);
  }
  const delimiter = delimiterOf(firstLine(start));
  return {
    delimiter,
    items: problem === undefined ? readItems(start, pieces, delimiter) : only(problem),
    encoding: text.encoding,
  };
}

async function* readItems(
  start: string,
  pieces: AsyncIterator<string>,
  delimiter: CsvDelimiter,
): AsyncGenerator<CsvItem> {
  let fault: CsvItem | undefined;
  const parser = parse({
    delimiter,
    record_delimiter: '\n',
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: maxRecordBytes,
    info: true,
    // A parser that fails throws away the good records it has read ahead; one that skips hands them out first.
    skip_records_with_error: true,
    on_skip: (error) => void (fault ??= faultOf(error, 1)),
  });
  // The parser hands on whatever fails before it.
  pipeline(Readable.from(continued(start, pieces)), parser, () => undefined);
  let line = 1;
  try {
    for await (const { record, info } of records(parser)) {
      if (fault !== undefined && info.lines >= fault.line) break;
      const breaks = record.reduce((sum, cell) => sum + (cell.includes('\n') ? cell.split('\n').length - 1 : 0), 0);
      line = info.lines - breaks;
      yield { line, cells: record };
    }
  } catch (error) {
    fault ??= faultOf(error, line);
  }
  if (fault !== undefined) yield fault;
}

/** What csv-parse yields with `info`; its own types say `any`. */
function records(
  parser: Parser,
): AsyncIterable<{ readonly record: string[]; readonly info: { readonly lines: number } }> {
  return parser;
}

function faultOf(error: unknown, fallbackLine: number): CsvItem {
  if (error instanceof UsherError) return { line: fallbackLine, problem: error.message };
  if (!(error instanceof CsvError)) throw error;
  const line = typeof error['lines'] === 'number' ? error['lines'] : fallbackLine;
  switch (error.code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return { line, problem: 'A quote that opens in or before this line, the last one, is never closed.' };
    case 'CSV_MAX_RECORD_SIZE':
      return {
        line,
        problem: `The record is longer than ${maxRecordBytes} bytes; is a quote missing that should close a cell?`,
      };
    case 'CSV_INVALID_CLOSING_QUOTE':
      return { line, problem: 'A quoted cell goes on after its closing quote. Write a quote inside it twice.' };
    case 'INVALID_OPENING_QUOTE':
      return {
        line,
        problem: 'A quote stands inside a cell that is not quoted. Quote the cell and write the quote twice.',
      };
    default:
      return { line, problem: error.message };
  }
}

/** Makes `\r\n` and `\r` into `\n`, also where a piece ends between the two. */
async function* withUnixLineEnds(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let afterReturn = false;
  for await (const piece of pieces) {
    const text = afterReturn && piece.startsWith('\n') ? piece.slice(1) : piece;
    if (piece !== '') afterReturn = piece.endsWith('\r');
    yield text.replace(/\r\n?/g, '\n');
  }
}

async function* continued(start: string, rest: AsyncIterator<string>): AsyncGenerator<string> {
  yield start;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

async function* only(item: CsvItem): AsyncGenerator<CsvItem> {
  yield await Promise.resolve(item);
}

/** The text up to the first line end outside quotes that follows anything else. */
function firstLine(text: string): string {
  const begin = Math.max(text.search(/[^\n]/), 0);
  let quoted = false;
  for (let at = begin; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '"') quoted = !quoted;
    else if (character === '\n' && !quoted && at > begin) return text.slice(0, at);
  }
  return text;
}

function delimiterOf(header: string): CsvDelimiter {
  const unquoted = header.replace(/"[^"]*"/g, '');
  const counts = csvDelimiters.map((delimiter) => ({ delimiter, count: unquoted.split(delimiter).length }));
  return counts.reduce((best, each) => (each.count > best.count ? each : best)).delimiter;
}
