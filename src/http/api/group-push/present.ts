import type { GroupPush } from '../../../store/app-group-push.ts';

/** A pushed group in Okta's words. Dates are to the second here, and what is not there is left out. */
export function presentGroupPush(push: GroupPush, base: string) {
  const groups = `${base}/api/v1/groups`;
  const { targetGroupId, lastError, lastPush } = push;
  return {
    created: plainDate(push.created),
    id: push.id,
    lastUpdated: plainDate(push.lastUpdated),
    ...(lastPush === null ? {} : { lastPush: plainDate(lastPush) }),
    sourceGroupId: push.sourceGroupId,
    status: push.status,
    ...(targetGroupId === null ? {} : { targetGroupId }),
    ...(lastError === null ? {} : { errorSummary: lastError }),
    _links: {
      app: { href: `${base}/api/v1/apps/${push.appId}` },
      sourceGroup: { href: `${groups}/${push.sourceGroupId}` },
      ...(targetGroupId === null ? {} : { targetGroup: { href: `${groups}/${targetGroupId}` } }),
    },
  };
}

function plainDate(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
