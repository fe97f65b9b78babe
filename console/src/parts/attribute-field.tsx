import { NumberInput, Select, Textarea, TextInput } from '@mantine/core';
import type { Schemas } from '../api/client';
import { t } from '../text';

export interface Attribute {
  readonly name: string;
  readonly title: string;
  readonly type: string;
  readonly required: boolean;
  readonly choices: readonly string[];
}

const words = t.personPage;

/** In the order of the schema. */
export function attributesOf({
  definitions: { base, custom },
}: Pick<Schemas['UserSchema'], 'definitions'>): Attribute[] {
  const required = new Set([...(base.required ?? []), ...(custom.required ?? [])]);
  return Object.entries({ ...base.properties, ...custom.properties }).map(([name, attribute]) => ({
    name,
    title: attribute.title,
    type: attribute.type,
    required: required.has(name) || attribute.required === true,
    choices: (attribute.enum ?? []).map(String),
  }));
}

/** Empty means no value, so that it is taken away and not kept as an empty text. */
export function AttributeField(props: {
  readonly attribute: Attribute;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  readonly description?: string;
  /** What the server has against the value. */
  readonly error?: string | undefined;
}) {
  const { attribute, value, onChange, description, ...said } = props;
  const { title: label, type, required, choices } = attribute;
  const common = { label, ...said, ...(description === undefined ? {} : { description }) };
  const shown = value == null ? '' : String(value);
  if (type === 'boolean') {
    const data = [
      { value: 'true', label: words.yes },
      { value: 'false', label: words.no },
    ];
    const picked = value == null ? null : shown;
    return (
      <Select
        {...common}
        data={data}
        value={picked}
        clearable={!required}
        placeholder={words.notSet}
        onChange={(choice) => onChange(choice === null ? null : choice === 'true')}
      />
    );
  }
  if (type === 'array') {
    const lines = Array.isArray(value) ? value.map(String).join('\n') : '';
    const itemsOf = (text: string) => text.split('\n').filter((line) => line.trim() !== '');
    return (
      <Textarea
        {...common}
        description={[words.listHint, description].filter(Boolean).join(' ')}
        autosize
        defaultValue={lines}
        onChange={(event) => onChange(itemsOf(event.currentTarget.value))}
      />
    );
  }
  if (type === 'number' || type === 'integer') {
    return (
      <NumberInput
        {...common}
        required={required}
        allowDecimal={type === 'number'}
        value={typeof value === 'number' ? value : ''}
        onChange={(number) => onChange(number === '' ? null : Number(number))}
      />
    );
  }
  if (choices.length > 0) {
    return (
      <Select
        {...common}
        required={required}
        data={[...choices]}
        value={shown === '' ? null : shown}
        clearable={!required}
        placeholder={words.notSet}
        onChange={onChange}
      />
    );
  }
  return (
    <TextInput
      {...common}
      required={required}
      value={shown}
      onChange={(event) => onChange(event.currentTarget.value === '' ? null : event.currentTarget.value)}
    />
  );
}
