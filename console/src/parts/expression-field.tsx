import { Combobox, Textarea, useCombobox } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useLayoutEffect, useRef, useState } from 'react';
import { ApiError } from '../api/client';
import { userSchemaQuery } from '../api/user-schema';
import { t } from '../text';
import { completionOf, conditionFunctions, mappingFunctions, type Completion } from './expression-words';

interface Props {
  readonly label: string;
  readonly description?: string;
  /** Which functions it has. */
  readonly kind: 'mapping' | 'condition';
  readonly value: string;
  /** What the server says of it, as an error or its sentence; the place is shown under the expression. */
  readonly error: unknown;
  readonly disabled?: boolean;
  readonly autoFocus?: boolean;
  readonly onChange: (expression: string) => void;
}

/** An expression, and where it is wrong. Names of attributes and functions are completed as they are typed. */
export function ExpressionField(props: Props) {
  const { label, description, kind, value, error, disabled = false, autoFocus = false, onChange } = props;
  const problem = problemOf(error);
  const words = useWords(kind);
  const [completion, setCompletion] = useState<Completion>();
  const field = useRef<HTMLTextAreaElement>(null);
  const caret = useRef<number>(undefined);
  const list = useCombobox();
  const isOpen = completion !== undefined;
  useLayoutEffect(() => {
    if (caret.current === undefined) return;
    field.current?.setSelectionRange(caret.current, caret.current);
    caret.current = undefined;
  }, [value]);
  const type = (text: string, at: number) => {
    onChange(text);
    setCompletion(completionOf(text, at, words));
    list.resetSelectedOption();
  };
  const complete = (word: string) => {
    if (completion === undefined) return;
    const { from } = completion;
    const end = field.current?.selectionStart ?? value.length;
    const inserted = isFunction(word) && value[end] !== '(' ? `${word}(` : word;
    caret.current = from + inserted.length;
    setCompletion(undefined);
    onChange(value.slice(0, from) + inserted + value.slice(end));
  };
  return (
    <Combobox
      store={{ ...list, dropdownOpened: isOpen, closeDropdown: () => setCompletion(undefined) }}
      onOptionSubmit={complete}
    >
      <Combobox.Target withKeyboardNavigation={isOpen}>
        <Textarea
          ref={field}
          label={label}
          description={description}
          required
          autosize
          minRows={2}
          maxRows={8}
          spellCheck={false}
          disabled={disabled}
          data-autofocus={autoFocus || undefined}
          aria-autocomplete="list"
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.86rem' } }}
          value={value}
          error={problem !== undefined && <Problem source={value} problem={problem} />}
          onChange={({ currentTarget }) => type(currentTarget.value, currentTarget.selectionStart)}
          onBlur={() => setCompletion(undefined)}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options aria-label={t.mappings.completions}>
          {completion?.words.map((word) => (
            <Combobox.Option key={word} value={word} className="u-mono">
              {isFunction(word) ? `${word}(…)` : word}
            </Combobox.Option>
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

/** Whether the error is about an expression, so that it is shown at the field. */
export function isAboutExpression(error: unknown): boolean {
  return problemOf(error) !== undefined;
}

/** What an expression may name; functions alone where the schema may not be read. */
function useWords(kind: Props['kind']): readonly string[] {
  const { data } = useQuery(userSchemaQuery);
  const { base, custom } = data?.definitions ?? {};
  const attributes = Object.keys({ ...base?.properties, ...custom?.properties }).map((name) => `user.${name}`);
  return [...attributes, ...conditionFunctions, ...(kind === 'mapping' ? mappingFunctions : [])];
}

function isFunction(word: string): boolean {
  return conditionFunctions.includes(word) || mappingFunctions.includes(word);
}

const cause = /^expression: /;
const place = /^line (\d+), column (\d+): /;

function problemOf(error: unknown): string | undefined {
  if (typeof error === 'string') return error.replace(/^.*? at (?=line \d+, column \d+: )/s, '');
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
