/**
 * Runs the demo in a pseudo-terminal and draws what is on the screen at its end: `node scripts/record-demo.mjs`
 * writes docs/images/demo.svg. Needs util-linux' `script`.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ensure, root } from './ensure.mjs';

const columns = 118;
const cell = { width: 8.4, height: 18 };
const margin = 18;
const colours = { 31: '#ff7b72', 32: '#7ee787', 33: '#e3b341', 36: '#79c0ff' };
const target = join(root, 'docs/images/demo.svg');

await ensure({ build: true });
const recording = record([process.execPath, join(root, 'dist/src/main.js'), 'demo', '--once']);
mkdirSync(dirname(target), { recursive: true });
writeFileSync(target, draw(screenOf(recording)));
console.log(`${target} shows the demo.`);

/** What a terminal of our width received, escape sequences and all. */
function record(command) {
  const folder = mkdtempSync(join(tmpdir(), 'usher-record-'));
  const file = join(folder, 'typescript');
  try {
    const inside = `stty cols ${columns} rows 60 && ${command.join(' ')}`;
    const { status } = spawnSync('script', ['-qec', inside, file], {
      stdio: 'ignore',
      env: { ...process.env, TERM: 'xterm' },
    });
    const text = readFileSync(file, 'utf8');
    if (status !== 0) throw new Error(`The demo ended with ${status}:\n${text.slice(-2_000)}`);
    return text.split('\n').slice(1, -2).join('\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The lines of the screen as lists of `{ text, colour, bold, dim }` cells, one per character. */
function screenOf(text) {
  const lines = [[]];
  let column = 0;
  let style = {};
  for (const [, sequence, letter, character] of text.matchAll(/\x1b\[([\d;?]*)([A-Za-z])|\x1b[78]|([\s\S])/gu)) {
    const line = lines.at(-1);
    if (letter === 'm') style = styled(style, Number(sequence));
    else if (letter === 'G') column = Number(sequence || 1) - 1;
    else if (letter === 'K') line.length = sequence === '2' ? 0 : Math.min(line.length, column);
    else if (character === '\r') column = 0;
    else if (character === '\n') {
      lines.push([]);
      column = 0;
    } else if (character !== undefined && /\p{M}/u.test(character)) line[column - 1].text += character;
    else if (character !== undefined) {
      while (line.length < column) line.push({ text: ' ' });
      line[column] = { text: character, ...style };
      column += 1;
    }
  }
  return lines;
}

function styled(style, code) {
  if (code === 0) return {};
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 22) return { ...style, bold: false, dim: false };
  if (code === 39) return { ...style, colour: undefined };
  return { ...style, colour: colours[code] ?? style.colour };
}

function draw(lines) {
  const width = Math.ceil(columns * cell.width + 2 * margin);
  const height = Math.ceil((lines.length + 1) * cell.height + 2 * margin);
  const rows = lines.map((line, index) => drawLine(line, margin + (index + 1) * cell.height));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>A run of npm run demo, as the terminal shows it</title>
<rect width="100%" height="100%" rx="10" fill="#0d1117"/>
<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="14" fill="#e6edf3" xml:space="preserve">
${rows.filter((row) => row !== '').join('\n')}
</g>
</svg>
`;
}

/** One text element per run of equal style, placed by its column, so that fonts of other widths cannot shift it. */
function drawLine(line, y) {
  const runs = [];
  let column = 0;
  for (const { text, colour, bold, dim } of line) {
    const look = `${colour ? ` fill="${colour}"` : ''}${bold ? ' font-weight="bold"' : ''}${dim ? ' opacity="0.6"' : ''}`;
    const last = runs.at(-1);
    if (last?.look === look) last.text += text;
    else runs.push({ look, text, column });
    column += /[\u2e80-\u9fff\uac00-\ud7a3\uff00-\uff60]/.test(text) ? 2 : 1;
  }
  return runs
    .filter((run) => run.text.trim() !== '')
    .map(({ look, text, column: start }) => {
      const lead = text.length - text.trimStart().length;
      const x = (margin + (start + lead) * cell.width).toFixed(1);
      return `<text x="${x}" y="${y}"${look}>${escaped(text.trim())}</text>`;
    })
    .join('');
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
