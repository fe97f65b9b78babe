import { PasswordInput, Select, TextInput } from '@mantine/core';
import { t } from '../text';

const schemes = ['bearer', 'basic', 'header', 'oauth2_client_credentials'] as const;
export type Scheme = (typeof schemes)[number];

/** The ways to sign in to an app, as far as it offers them. */
export function schemesOf(offered: readonly string[] | undefined): readonly Scheme[] {
  return schemes.filter((scheme) => offered === undefined || offered.includes(scheme));
}

const fieldsOf: Readonly<Record<Scheme, readonly string[]>> = {
  bearer: ['token'],
  basic: ['username', 'password'],
  header: ['headerName', 'value'],
  oauth2_client_credentials: ['tokenUrl', 'clientId', 'clientSecret', 'scope'],
};
const secrets = ['token', 'password', 'value', 'clientSecret'];
const optional = ['headerName', 'scope'];

export interface AuthValues {
  readonly scheme: Scheme;
  readonly values: Readonly<Record<string, string>>;
}

/** What the API takes; what may be left out and was is not in it. */
export function authOf({ scheme, values }: AuthValues): Readonly<Record<string, string>> {
  const given = fieldsOf[scheme].map((name) => [name, values[name] ?? ''] as const);
  return { scheme, ...Object.fromEntries(given.filter(([name, value]) => value !== '' || !optional.includes(name))) };
}

interface Props {
  readonly auth: AuthValues;
  readonly offered: readonly Scheme[];
  readonly onChange: (auth: AuthValues) => void;
}

export function AuthFields({ auth, offered, onChange }: Props) {
  const { scheme, values } = auth;
  return (
    <>
      {offered.length > 1 && (
        <Select
          label={t.app.scheme}
          data={offered.map((value) => ({ value, label: t.app.schemes[value] }))}
          value={scheme}
          allowDeselect={false}
          onChange={(value) => onChange({ values, scheme: schemes.find((each) => each === value) ?? scheme })}
        />
      )}
      {fieldsOf[scheme].map((name) => {
        const field = {
          label: t.app.fields[name] ?? name,
          required: !optional.includes(name),
          autoComplete: 'off',
          value: values[name] ?? '',
          onChange: (event: { currentTarget: { value: string } }) =>
            onChange({ scheme, values: { ...values, [name]: event.currentTarget.value } }),
        };
        return secrets.includes(name) ? <PasswordInput key={name} {...field} /> : <TextInput key={name} {...field} />;
      })}
    </>
  );
}
