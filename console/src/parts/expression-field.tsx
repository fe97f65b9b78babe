import { Textarea } from '@mantine/core';
import { ApiError } from '../api/client';

interface Props {
  readonly label: string;
  readonly description?: string;
  readonly value: string;
  /** What the server says of the expression, if it is about that; the place is shown under it. */
  readonly error: unknown;
  readonly disabled?: boolean;
  readonly onChange: (expression: string) => void;
}

/** An expression, and where it is wrong. */
export function ExpressionField({ label, description, value, error, disabled = false, onChange }: Props) {
  const problem = problemOf(error);
  return (
    <Textarea
      label={label}
      description={description}
      required
      autosize
      minRows={2}
      maxRows={8}
      spellCheck={false}
      disabled={disabled}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.86rem' } }}
      value={value}
      error={problem && <Problem source={value} problem={problem} />}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

/** Whether the error is about an expression, so that it is shown at the field. */
export function isAboutExpression(error: unknown): boolean {
  return problemOf(error) !== undefined;
}

const cause = /^expression: /;
const place = /^line (\d+), column (\d+): /;

function problemOf(error: unknown): string | undefined {
  if (!(error instanceof ApiError)) return undefined;
  return error.causes.find((text) => cause.test(text))?.replace(cause, '');
}

function Problem({ source, problem }: { readonly source: string; readonly problem: string }) {
  const [, line, column] = place.exec(problem) ?? [];
  const text = line === undefined ? undefined : source.split('\n')[Number(line) - 1];
  return (
    <>
      {problem}
      {text !== undefined && (
        <span className="u-caret" aria-hidden="true">
          {text}
          {'\n'}
          {' '.repeat(Number(column) - 1)}^
        </span>
      )}
    </>
  );
}
