import { Button, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { ApiError, getVersioned, send, type Schemas } from '../api/client';
import { userSchemaQuery } from '../api/user-schema';
import { useMay } from '../frame/session';
import { AttributeField, attributesOf, type Attribute } from '../parts/attribute-field';
import { refuseOvertaken } from '../parts/meanwhile';
import { Facts, type Fact } from '../parts/facts';
import { Card } from '../parts/page';
import { useChange } from '../parts/said';
import { ErrorNote, Waiting } from '../parts/states';
import { Time } from '../parts/time';
import { useUnsaved } from '../parts/unsaved';
import { t } from '../text';

type User = Schemas['User'];
type Versioned = Awaited<ReturnType<typeof readVersion>>;

const words = t.personPage;

/** As people think of each other; what is not here follows by title. */
const usualOrder = [
  ...['login', 'firstName', 'lastName', 'email', 'title', 'displayName', 'nickName', 'middleName', 'honorificPrefix'],
  ...['honorificSuffix', 'department', 'division', 'organization', 'costCenter', 'employeeNumber', 'userType'],
  ...[
    'manager',
    'managerId',
    'primaryPhone',
    'mobilePhone',
    'secondEmail',
    'streetAddress',
    'city',
    'state',
    'zipCode',
  ],
  ...['countryCode', 'postalAddress', 'preferredLanguage', 'locale', 'timezone', 'profileUrl'],
];

/** What is known of somebody, in the order and with the titles of the schema; and changing it. */
export function PersonProfile({ user }: { readonly user: User }) {
  const may = useMay();
  const [begun, setBegun] = useState<Versioned>();
  const begin = useMutation({ mutationFn: () => readVersion(user.id), onSuccess: setBegun });
  const schema = useQuery(userSchemaQuery);
  if (schema.data === undefined)
    return schema.error === null ? <Waiting /> : <ErrorNote error={schema.error} retry={() => void schema.refetch()} />;
  const attributes = sorted(schema.data);
  if (begun !== undefined)
    return <ProfileForm begun={begun} attributes={attributes} onEnd={() => setBegun(undefined)} />;
  const set = attributes.filter(({ name }) => isSet(valueOf(user, name)));
  return (
    <Card
      title={t.person.profile}
      actions={
        may('users.manage') &&
        user.status !== 'DEPROVISIONED' && (
          <Button variant="default" loading={begin.isPending} onClick={() => begin.mutate()}>
            {words.edit}
          </Button>
        )
      }
    >
      <ErrorNote error={begin.error} />
      <Facts
        label={t.person.profile}
        facts={set.map(({ name, title }): Fact => [title, textOf(valueOf(user, name)), name])}
      />
      <Text size="sm" mt="md" c="var(--mantine-color-dimmed)">
        {t.person.created} <Time at={user.created} /> · {t.person.changed} <Time at={user.lastUpdated} /> ·{' '}
        {t.person.lastLogin} <Time at={user.lastLogin} />
      </Text>
    </Card>
  );
}

/** Nothing that others save meanwhile is overwritten unseen. */
function ProfileForm(props: {
  readonly begun: Versioned;
  readonly attributes: readonly Attribute[];
  readonly onEnd: () => void;
}) {
  const { attributes, onEnd } = props;
  const [begun, setBegun] = useState(props.begun);
  const [typed, setTyped] = useState<Readonly<Record<string, unknown>>>({});
  useUnsaved(typed);
  const { data: user } = begun;
  const put = ({ version }: Versioned) =>
    send('post', '/api/v1/users/{userId}', { path: { userId: user.id }, version, body: { profile: typed } });
  const save = useChange(async () => {
    try {
      await put(begun);
    } catch (problem) {
      if (!(problem instanceof ApiError && problem.status === 412)) throw problem;
      const now = await readVersion(user.id);
      setBegun(now);
      const titleOf = (name: string) => attributes.find((attribute) => attribute.name === name)?.title ?? name;
      refuseOvertaken({ begun: user.profile, now: now.data.profile, typed, titleOf });
      await put(now);
    }
  }, words.saved);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    await save.mutateAsync(undefined).then(onEnd, () => undefined);
  };
  return (
    <Card title={words.edit}>
      <form onSubmit={(event) => void submit(event)} aria-label={words.edit}>
        <Stack>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            {attributes.map((attribute) => (
              <AttributeField
                key={attribute.name}
                attribute={attribute}
                value={attribute.name in typed ? typed[attribute.name] : valueOf(user, attribute.name)}
                onChange={(value) => setTyped((before) => ({ ...before, [attribute.name]: value }))}
              />
            ))}
          </SimpleGrid>
          <ErrorNote error={save.error} />
          <Group>
            <Button type="submit" loading={save.isPending} disabled={Object.keys(typed).length === 0}>
              {words.save}
            </Button>
            <Button variant="default" onClick={onEnd}>
              {words.cancel}
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}

function readVersion(userId: string) {
  return getVersioned('/api/v1/users/{userId}', { path: { userId } });
}

function sorted(schema: Schemas['UserSchema']): Attribute[] {
  return attributesOf(schema).sort((a, b) => rank(a.name) - rank(b.name) || a.title.localeCompare(b.title));
}

function rank(name: string): number {
  const at = usualOrder.indexOf(name);
  return at === -1 ? usualOrder.length : at;
}

function valueOf(user: User, name: string): unknown {
  return user.profile[name];
}

const isSet = (value: unknown) => value != null && value !== '' && !(Array.isArray(value) && value.length === 0);

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(String).join(', ');
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  return String(value);
}
