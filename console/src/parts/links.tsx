import { Group, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { Column } from './table';
import { AppLogo, Initials } from './app-logo';
import type { Schemas } from '../api/client';
import { t } from '../text';

/** A person as the first cell of a row. */
export function PersonLink(props: { readonly id: string; readonly name: string; readonly below?: string | null }) {
  const { id, name, below = null } = props;
  return (
    <Group gap="sm" wrap="nowrap">
      <Initials name={name} size={32} round />
      <div>
        <Link className="u-link" to={`/admin/people/${id}`}>
          {name}
        </Link>
        {below !== null && (
          <Text size="xs" c="var(--mantine-color-dimmed)" style={{ overflowWrap: 'anywhere' }}>
            {below}
          </Text>
        )}
      </div>
    </Group>
  );
}

/** An application as the first cell of a row; `tab` of its page where one goes. */
export function AppLink({ app, tab }: { readonly app: Schemas['Application']; readonly tab?: string }) {
  return (
    <Group gap="sm" wrap="nowrap">
      <AppLogo app={app} size={32} />
      <Link className="u-link" to={`/admin/applications/${app.id}${tab === undefined ? '' : `/${tab}`}`}>
        {app.label}
      </Link>
    </Group>
  );
}

interface ListedGroup {
  readonly id: string;
  readonly profile: Readonly<Record<string, unknown>>;
}

/** What every list of groups shows first. */
export const groupColumns: readonly Column<ListedGroup>[] = [
  {
    title: t.groups.name,
    cell: ({ id, profile }) => (
      <Link className="u-link" to={`/admin/groups/${id}`}>
        {String(profile['name'])}
      </Link>
    ),
  },
  { title: t.groups.description, cell: ({ profile }) => String(profile['description'] ?? '') },
];
