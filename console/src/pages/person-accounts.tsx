import { Button, Group, Modal, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { get, type Schemas } from '../api/client';
import { AppLogo } from '../parts/app-logo';
import { AccountState } from '../parts/badge';
import { ListTable, useList } from '../parts/list';
import { Empty, ErrorNote, Waiting } from '../parts/states';
import { Time } from '../parts/time';
import { t } from '../text';

type App = Schemas['Application'];
type Explanation = Schemas['Explanation'];

const words = t.personPage;

/** Somebody's applications, how far each account is, and why they have it. */
export function PersonAccounts({ userId, name }: { readonly userId: string; readonly name: string }) {
  const [explained, setExplained] = useState<App>();
  const list = useList('/api/v1/apps', { query: { filter: `user.id eq "${userId}"`, expand: `user/${userId}` } });
  const accountOf = (app: App) => app._embedded?.user;
  return (
    <div className="u-surface">
      <ListTable
        label={words.accounts}
        list={list}
        keyOf={(app) => app.id}
        empty={<Empty what={t.person.noApps} />}
        columns={[
          {
            title: words.app,
            cell: (app) => (
              <Group gap="sm" wrap="nowrap">
                <AppLogo app={app} size={32} />
                <Link className="u-link" to={`/admin/applications/${app.id}/assignments`}>
                  {app.label}
                </Link>
              </Group>
            ),
          },
          { title: words.userName, cell: (app) => accountOf(app)?.credentials.userName ?? '' },
          {
            title: words.state,
            cell: (app) => {
              const account = accountOf(app);
              if (account === undefined) return null;
              return (
                <>
                  <AccountState syncState={account.syncState} hasAccount={account.externalId !== null} />
                  {account.lastError !== undefined && (
                    <Text size="xs" mt={4} maw={340}>
                      {account.lastError}
                    </Text>
                  )}
                </>
              );
            },
          },
          { title: words.why, cell: (app) => (accountOf(app)?.scope === 'USER' ? words.direct : words.byGroup) },
          { title: words.lastSync, cell: (app) => <Time at={accountOf(app)?.lastSync ?? null} /> },
          {
            title: t.common.actions,
            cell: (app) => (
              <Button
                size="compact-sm"
                variant="default"
                aria-label={words.explainFor(app.label)}
                onClick={() => setExplained(app)}
              >
                {words.explain}
              </Button>
            ),
          },
        ]}
      />
      <Modal
        opened={explained !== undefined}
        onClose={() => setExplained(undefined)}
        size="xl"
        title={explained && words.explainTitle(name, explained.label)}
        closeButtonProps={{ 'aria-label': t.common.close }}
      >
        {explained && <Why appId={explained.id} userId={userId} />}
      </Modal>
    </div>
  );
}

function Why({ appId, userId }: { readonly appId: string; readonly userId: string }) {
  const { data, error } = useQuery({
    queryKey: ['explanation', appId, userId],
    queryFn: () => get('/usher/v1/apps/{appId}/users/{userId}/explanation', { path: { appId, userId } }),
  });
  if (data === undefined) return error === null ? <Waiting /> : <ErrorNote error={error} />;
  const reasons = reasonsOf(data);
  return (
    <>
      <Text fw={600}>{words.decision}</Text>
      <Text mb="md">{data.decision.sentence}</Text>
      <Text fw={600}>{words.because}</Text>
      {reasons.length === 0 ? <Text mb="md">{words.nothingGives}</Text> : null}
      <ul style={{ marginBlockStart: 0 }}>
        {reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
      <Text fw={600}>{words.values}</Text>
      <div className="u-table-scroll" tabIndex={0} role="region" aria-label={words.values}>
        <table className="u-table">
          <thead>
            <tr>
              {[words.attribute, words.value, words.inApp, words.from].map((title) => (
                <th scope="col" key={title}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {data.values.map((value) => (
              <tr key={value.attribute}>
                <th scope="row" className="u-mono">
                  {value.attribute}
                </th>
                <td>{value.error ?? shown(value.value)}</td>
                <td>{shown(value.inApp)}</td>
                <td>
                  {sources[value.source.kind]} <code>{value.source.expression ?? ''}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

const sources = {
  mapping: words.mapping,
  user_name_template: words.template,
  group: words.groupValue,
  assignment: words.assignmentValue,
};

function reasonsOf({ direct, groups }: Explanation): string[] {
  const through = groups
    .filter(({ member }) => member)
    .flatMap(({ name, direct: joined, rules }) => {
      const holding = rules.filter(({ holds, excluded }) => holds === true && !excluded);
      return joined || holding.length === 0
        ? [words.ofGroup(name)]
        : holding.map((rule) => words.ofRule(name, rule.name));
    });
  return [...(direct ? [words.individually] : []), ...through];
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return '—';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
