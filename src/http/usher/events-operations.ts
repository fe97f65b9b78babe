import { Type } from 'typebox';
import type { OperationGroup } from '../openapi/operation.ts';

export const eventOperations: OperationGroup = {
  tag: 'Events',
  about: 'What has become stale, as it happens, so that nobody has to ask again and again.',
  operations: {
    'GET /usher/v1/events': {
      id: 'followChanges',
      summary: 'Follow what changes',
      description:
        `Server-sent events: ask with \`Accept: text/event-stream\`. \`hello\` comes first: whatever is changed
from then on is told within a second. \`stale\` has \`topics\` (\`people\`, \`groups\`, \`rules\`, \`schemas\`, \`apps\`,
\`accounts\`, \`push\`, \`tasks\`, \`runs\`, \`log\`, \`admins\`, \`tokens\`, and \`mine\` for what whoever asks sees of
themselves), \`apps\` (ids; null means any) and \`runs\` (ids). It has only what whoever asks may see, and never what
has changed: look that up. \`beat\` comes every ten seconds, and \`end\` when the session or the token has ended.
An open stream does not keep a session alive.`.replaceAll('\n', ' '),
      answers: {
        200: { description: 'Events, without an end', schema: Type.String(), mediaType: 'text/event-stream' },
      },
    },
  },
};
