import { NumberInput, Select, Switch } from '@mantine/core';
import { t } from '../../text';
import type { Form, Settings } from './section';

interface Words {
  readonly label: string;
  readonly what: string;
}

type Flag = 'reactivate' | 'pushPending' | 'excludeUserNameUpdates' | 'manual';

export function FlagField({ form, name, able = true }: { form: Form; name: Flag; able?: boolean }) {
  const { label, what } = t.toApp[name];
  return (
    <Switch
      label={label}
      description={able ? what : t.toApp.cannot}
      checked={form.value[name]}
      disabled={form.disabled || !able}
      error={form.problemOf(name)}
      onChange={(event) => form.set({ [name]: event.currentTarget.checked })}
    />
  );
}

type Choice = 'deprovision' | 'suspended' | 'updateVerb';

export function ChoiceField({ form, name, without = [] }: { form: Form; name: Choice; without?: readonly string[] }) {
  const { label, what, choices } = t.toApp[name];
  return (
    <Select
      label={label}
      description={what}
      data={Object.entries(choices).map(([value, text]) => ({
        value,
        label: text,
        disabled: without.includes(value) && form.value[name] !== value,
      }))}
      value={form.value[name]}
      allowDeselect={false}
      disabled={form.disabled}
      error={form.problemOf(name)}
      onChange={(value) => value !== null && form.set({ [name]: value })}
    />
  );
}

interface NumberFieldProps {
  readonly form: Form;
  readonly name: string;
  readonly words: Words;
  readonly value: number | null;
  /** Null where the field is empty. */
  readonly onChange: (value: number | null) => void;
}

/** The server says what a number may be: typing is not corrected. */
export function NumberField({ form, name, words, value, onChange }: NumberFieldProps) {
  return (
    <NumberInput
      label={words.label}
      description={words.what}
      value={value ?? ''}
      clampBehavior="none"
      allowNegative={false}
      hideControls
      disabled={form.disabled}
      error={form.problemOf(name)}
      onChange={(number) => onChange(number === '' ? null : Number(number))}
    />
  );
}

const passwords = {
  OFF: { status: 'DISABLED', seed: 'RANDOM', change: 'KEEP_EXISTING' },
  RANDOM_KEEP_EXISTING: { status: 'ENABLED', seed: 'RANDOM', change: 'KEEP_EXISTING' },
  RANDOM_CHANGE: { status: 'ENABLED', seed: 'RANDOM', change: 'CHANGE' },
  OKTA_CHANGE: { status: 'ENABLED', seed: 'OKTA', change: 'CHANGE' },
  OKTA_KEEP_EXISTING: { status: 'ENABLED', seed: 'OKTA', change: 'KEEP_EXISTING' },
} as const satisfies Readonly<Record<keyof typeof t.toApp.password.choices, Settings['password']>>;
const passwordNames = ['OFF', 'RANDOM_KEEP_EXISTING', 'RANDOM_CHANGE', 'OKTA_CHANGE', 'OKTA_KEEP_EXISTING'] as const;

/** The setting as one of the choices. */
export function passwordChoice({ status, seed, change }: Settings['password']) {
  return status === 'DISABLED' ? 'OFF' : (`${seed}_${change}` as const);
}

export function PasswordField({ form }: { readonly form: Form }) {
  const { label, what, choices } = t.toApp.password;
  const { password, supports } = form.value;
  return (
    <Select
      label={label}
      description={supports.password ? what : t.toApp.cannot}
      data={passwordNames.map((value) => ({ value, label: choices[value] }))}
      value={passwordChoice(password)}
      allowDeselect={false}
      disabled={form.disabled || !supports.password}
      error={form.problemOf('password')}
      onChange={(value) => value !== null && form.set({ password: passwords[value] })}
    />
  );
}
