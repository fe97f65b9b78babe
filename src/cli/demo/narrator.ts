import type { Output } from '../output.ts';
import { displayWidth, padded, printable, type Style } from '../terminal-text.ts';

/** One line of the closing table. */
export interface ActSummary {
  readonly act: string;
  /** Accounts the act made or changed in the app. */
  readonly accounts: number;
  /** Requests Usher sent to the app. */
  readonly requests: number;
  readonly seconds: number;
  readonly verified: boolean;
}

/** Tells the story: on stdout, or on stderr where stdout is for a document. */
export interface Narrator {
  readonly style: Style;
  title(text: string, below: readonly string[]): void;
  act(number: number, title: string): void;
  /** The command that does the same. */
  command(line: string): void;
  say(line: string): void;
  check(ok: boolean, claim: string, problems: readonly string[]): void;
  closing(acts: readonly ActSummary[]): void;
}

/** Differences shown in full; of more, only the number. */
const problemsShown = 5;

export function createNarrator(output: Output): Narrator {
  const style = output.json ? output.noteStyle : output.style;
  const print = output.json ? output.note : output.text;
  return {
    style,
    title: (text, below) => {
      print('');
      print(style.bold(text));
      for (const line of below) print(style.dim(line));
    },
    act: (number, title) => {
      print('');
      print(`${style.cyan(padded(String(number), 2, 'left'))}  ${style.bold(title)}`);
    },
    command: (line) => {
      const parts = wrapped(`$ usher ${line}`);
      for (const [index, part] of parts.entries()) {
        const end = index < parts.length - 1 ? ' \\' : '';
        print(style.dim(`    ${index === 0 ? '' : '    '}${part}${end}`));
      }
    },
    say: (line) => {
      for (const part of wrapped(printable(line))) print(`    ${part}`);
    },
    check: (ok, claim, problems) => {
      print(`  ${ok ? style.green('✓') : style.red('✗')} ${printable(claim)}`);
      for (const problem of problems.slice(0, problemsShown)) print(`    ${style.red(printable(problem))}`);
      if (problems.length > problemsShown) print(`    … and ${problems.length - problemsShown} more`);
    },
    closing: (acts) => {
      print('');
      for (const line of closingTable(acts, style)) print(line);
    },
  };
}

/** Columns of a line, so that a picture of the story needs no wider a screen. */
const lineWidth = 96;

/** A long text in lines of `lineWidth` columns, broken at spaces outside quotes. */
function wrapped(text: string): string[] {
  if (displayWidth(text) <= lineWidth) return [text];
  const lines: string[] = [];
  for (const word of text.match(/(?:"[^"]*"|\S)+/g) ?? []) {
    const longer = `${lines.at(-1) ?? ''} ${word}`;
    if (lines.length === 0 || displayWidth(longer) > lineWidth) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

function closingTable(acts: readonly ActSummary[], style: Style): string[] {
  const total = (count: (act: ActSummary) => number) => acts.reduce((sum, act) => sum + count(act), 0);
  const row = (cells: readonly string[]) =>
    cells.map((cell, index) => (index === 0 ? padded(cell, 34) : padded(cell, 10, 'left'))).join('');
  const seconds = (value: number) => value.toFixed(2);
  const orDash = (count: number) => (count === 0 ? style.dim('–') : String(count));
  const allVerified = acts.every((act) => act.verified);
  const rule = style.dim('─'.repeat(74));
  return [
    style.dim(row(['ACT', 'ACCOUNTS', 'REQUESTS', 'SECONDS', 'VERIFIED'])),
    rule,
    ...acts.map((act) =>
      row([act.act, orDash(act.accounts), orDash(act.requests), seconds(act.seconds), sign(act.verified, style)]),
    ),
    rule,
    style.bold(
      row([
        'Together',
        String(total((act) => act.accounts)),
        String(total((act) => act.requests)),
        seconds(total((act) => act.seconds)),
        sign(allVerified, style),
      ]),
    ),
  ];
}

function sign(verified: boolean, style: Style): string {
  return verified ? style.green('✓') : style.red('✗');
}
