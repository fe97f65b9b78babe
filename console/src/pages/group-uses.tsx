import { Link } from 'react-router';
import { AppLink } from '../parts/links';
import { ListTable, useList } from '../parts/list';
import { Empty } from '../parts/states';
import { Time } from '../parts/time';
import { t } from '../text';
import { RuleStatus } from './group-rules/rule-status';
import { PushState } from './push-groups/push-state';
import { membersIn } from './push-groups/pushed';

interface Props {
  readonly groupId: string;
}

/** The apps a group gives to its people. */
export function GroupApps({ groupId }: Props) {
  const list = useList('/api/v1/groups/{groupId}/apps', { path: { groupId } });
  return (
    <div className="u-surface">
      <ListTable
        label={t.groups.apps}
        list={list}
        keyOf={(app) => app.id}
        empty={<Empty what={t.groups.noApps} />}
        columns={[
          {
            title: t.apps.name,
            cell: (app) => <AppLink app={app} tab="assignments" />,
          },
        ]}
      />
    </div>
  );
}

/** The apps that are given the group itself, and how far that is. */
export function GroupPushes({ groupId }: Props) {
  const list = useList('/usher/v1/groups/{groupId}/pushes', { path: { groupId } });
  const words = t.pushGroups;
  return (
    <div className="u-surface">
      <ListTable
        label={t.groups.pushes}
        list={list}
        keyOf={(push) => push.id}
        empty={<Empty what={t.groups.noPushes} />}
        columns={[
          {
            title: t.apps.name,
            cell: ({ appId, appLabel, sourceName }) => (
              <Link
                className="u-link"
                to={{
                  pathname: `/admin/applications/${appId}/push-groups`,
                  search: String(new URLSearchParams({ q: sourceName ?? '' })),
                }}
              >
                {appLabel}
              </Link>
            ),
          },
          { title: words.inApp, cell: (push) => push.targetName },
          { title: words.members, cell: membersIn },
          {
            title: words.state,
            cell: (push) => <PushState push={push} />,
          },
          { title: words.lastPush, cell: (push) => <Time at={push.lastPush} /> },
        ]}
      />
    </div>
  );
}

/** The rules that put people into the group. */
export function GroupRules({ groupId }: Props) {
  const list = useList('/usher/v1/groups/{groupId}/rules', { path: { groupId } });
  const words = t.groupRules;
  return (
    <div className="u-surface">
      <ListTable
        label={t.groups.rules}
        list={list}
        keyOf={(rule) => rule.id}
        empty={<Empty what={t.groups.noRules} />}
        columns={[
          {
            title: words.name,
            cell: ({ name }) => (
              <Link
                className="u-link"
                to={{ pathname: '/admin/groups/rules', search: String(new URLSearchParams({ q: name })) }}
              >
                {name}
              </Link>
            ),
          },
          {
            title: words.condition,
            cell: (rule) => <span className="u-mono">{rule.conditions.expression.value}</span>,
          },
          { title: words.status, cell: (rule) => <RuleStatus status={rule.status} /> },
        ]}
      />
    </div>
  );
}
