import { Combobox, Textarea, useCombobox } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useLayoutEffect, useRef, useState } from 'react';
import { ApiError } from '../api/client';
import { userSchemaQuery } from '../api/user-schema';
import { t } from '../text';
import { useApps, useAttributesOfApp, type NamedApp } from './expression-apps';
import { completionOf, conditionFunctions, mappingFunctions, rootBefore } from './expression-words';

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
  /** The app whose mapping it is, which cannot read itself. */
  readonly exceptAppId?: string;
  readonly onChange: (expression: string) => void;
}

/** An expression, and where it is wrong. Names of attributes and functions are completed as they are typed. */
export function ExpressionField(props: Props) {
  const { label, description, kind, value, error, disabled = false, autoFocus = false, exceptAppId, onChange } = props;
  const problem = problemOf(error);
  /** Where somebody types, until they choose or want none. */
  const [typingAt, setTypingAt] = useState<number>();
  const { words, apps } = useWords(kind, typingAt === undefined ? undefined : rootBefore(value, typingAt), exceptAppId);
  const completion = typingAt === undefined ? undefined : completionOf(value, typingAt, words);
  const field = useRef<HTMLTextAreaElement>(null);
  const caret = useRef<number>(undefined);
  const list = useCombobox();
  const isOpen = completion !== undefined;
  useLayoutEffect(() => {
    if (caret.current === undefined) return;
    field.current?.setSelectionRange(caret.current, caret.current);
    caret.current = undefined;
  }, [value]);
  // Mantine goes on naming the option chosen in an earlier list, which is gone.
  useLayoutEffect(() => {
    const chosen = field.current?.getAttribute('aria-activedescendant') ?? '';
    if (document.getElementById(chosen) === null) field.current?.removeAttribute('aria-activedescendant');
  });
  const type = (text: string, at: number) => {
    onChange(text);
    setTypingAt(at);
    list.resetSelectedOption();
  };
  const complete = (word: string) => {
    if (completion === undefined) return;
    const { from } = completion;
    const end = field.current?.selectionStart ?? value.length;
    const inserted = isFunction(word) && value[end] !== '(' ? `${word}(` : word;
    caret.current = from + inserted.length;
    // After the name of an app its attributes are next.
    setTypingAt(word.endsWith('.') ? caret.current : undefined);
    onChange(value.slice(0, from) + inserted + value.slice(end));
  };
  return (
    <Combobox
      store={{ ...list, dropdownOpened: isOpen, closeDropdown: () => setTypingAt(undefined) }}
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
          onBlur={() => setTypingAt(undefined)}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options aria-label={t.mappings.completions}>
          {completion?.words.map((word) => (
            <Combobox.Option key={word} value={word} className="u-mono">
              {isFunction(word) ? `${word}(…)` : word} <AppOf word={word} apps={apps} />
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
function useWords(kind: Props['kind'], root: string | undefined, exceptAppId: string | undefined) {
  const { data } = useQuery(userSchemaQuery);
  const { base, custom } = data?.definitions ?? {};
  const people = Object.keys({ ...base?.properties, ...custom?.properties }).map((name) => `user.${name}`);
  const apps = useApps(kind === 'mapping', exceptAppId);
  const ofApp = useAttributesOfApp(apps.find(({ name }) => name === root));
  const functions = [...conditionFunctions, ...(kind === 'mapping' ? mappingFunctions : [])];
  return { words: [...people, ...functions, ...apps.map(({ name }) => `${name}.`), ...ofApp], apps };
}

/** What people call the app, beside its machine name. */
function AppOf({ word, apps }: { readonly word: string; readonly apps: readonly NamedApp[] }) {
  const app = apps.find(({ name }) => word.startsWith(`${name}.`));
  return app === undefined ? null : <span className="u-option-hint">{app.label}</span>;
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
