import { Button, Modal, Text } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Schemas } from '../api/client';
import { useMay } from '../frame/session';
import { AccountState } from '../parts/badge';
import { AppLink } from '../parts/links';
import { ListTable, useList } from '../parts/list';
import { Empty } from '../parts/states';
import { Explanation } from '../parts/explanation';
import { Time } from '../parts/time';
import { t } from '../text';

type App = Schemas['Application'];

const words = t.personPage;

/** Somebody's applications, how far each account is, and why they have it. */
export function PersonAccounts({ userId, name }: { readonly userId: string; readonly name: string }) {
  const [explained, setExplained] = useState<App>();
  const may = useMay();
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
            cell: (app) => <AppLink app={app} tab="assignments" />,
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
      {may('reports.read') && (
        <Text size="sm" p="md">
          <Link className="u-link" to={`/admin/reports/app-access?person=${userId}`}>
            {words.asReport}
          </Link>
        </Text>
      )}
      <Modal
        opened={explained !== undefined}
        onClose={() => setExplained(undefined)}
        size="xl"
        title={explained && words.explainTitle(name, explained.label)}
        closeButtonProps={{ 'aria-label': t.common.close }}
      >
        {explained && <Explanation appId={explained.id} userId={userId} />}
      </Modal>
    </div>
  );
}
