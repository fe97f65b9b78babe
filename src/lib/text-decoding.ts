import { UsherError } from './errors.ts';

export type TextEncoding = 'UTF-8' | 'UTF-16LE' | 'UTF-16BE' | 'Windows-1252';

export interface DecodedText {
  /** Pieces of the text, without a byte order mark. Throws `invalid_input` where bytes are no text. */
  readonly pieces: AsyncIterable<string>;
  /** What the text was in, once enough of it has been read; text of ASCII alone is UTF-8. */
  encoding(): TextEncoding;
}

/** Bytes looked at together. A decision about the encoding rests on at least so many, or on all there are. */
const blockSize = 64 * 1024;

/**
 * Turns bytes into text: UTF-16 by its byte order mark, else UTF-8 where the first block that has more than ASCII
 * is valid UTF-8, else Windows-1252. One block is in memory at a time.
 */
export function decodeText(source: AsyncIterable<Uint8Array>): DecodedText {
  let encoding: TextEncoding = 'UTF-8';
  return {
    pieces: decodePieces(source, (found) => (encoding = found)),
    encoding: () => encoding,
  };
}

async function* decodePieces(
  source: AsyncIterable<Uint8Array>,
  report: (encoding: TextEncoding) => void,
): AsyncGenerator<string> {
  let decode: Decode | undefined;
  let first = true;
  for await (const block of blocksOf(source)) {
    const marked = first ? markedEncoding(block) : undefined;
    first = false;
    if (decode === undefined && marked === undefined && block.every((byte) => byte < 0x80)) {
      yield block.toString('latin1');
      continue;
    }
    if (decode === undefined) {
      const encoding = marked ?? (isUtf8Start(block) ? 'UTF-8' : 'Windows-1252');
      report(encoding);
      decode = decoderOf(encoding);
    }
    yield decode(block, false);
  }
  if (decode !== undefined) yield decode(Buffer.alloc(0), true);
}

type Decode = (block: Buffer, last: boolean) => string;

function decoderOf(encoding: TextEncoding): Decode {
  if (encoding === 'Windows-1252') return (block) => decodeWindows1252(block);
  const decoder = new TextDecoder(encoding, { fatal: true });
  return (block, last) => {
    try {
      return decoder.decode(block, { stream: !last });
    } catch (cause) {
      throw new UsherError(
        'invalid_input',
        `The file begins as ${encoding} and then has bytes that are not; save it again in one encoding, best UTF-8.`,
        { cause },
      );
    }
  };
}

function markedEncoding(block: Buffer): TextEncoding | undefined {
  if (block[0] === 0xff && block[1] === 0xfe) return 'UTF-16LE';
  if (block[0] === 0xfe && block[1] === 0xff) return 'UTF-16BE';
  return block[0] === 0xef && block[1] === 0xbb && block[2] === 0xbf ? 'UTF-8' : undefined;
}

/** Whether the block is UTF-8; its last character may be cut off. */
function isUtf8Start(block: Buffer): boolean {
  try {
    new TextDecoder('UTF-8', { fatal: true }).decode(block, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** The characters of bytes 0x80 to 0x9f; the five that mean nothing stay control characters. */
const windows1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/** By hand, because Node's own decoder takes these bytes for control characters in some releases. */
function decodeWindows1252(block: Buffer): string {
  return block.toString('latin1').replace(/[\u0080-\u009f]/g, (byte) => windows1252.charAt(byte.charCodeAt(0) - 0x80));
}

async function* blocksOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let held: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of source) {
    held.push(chunk);
    size += chunk.length;
    if (size < blockSize) continue;
    yield Buffer.concat(held);
    held = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(held);
}
