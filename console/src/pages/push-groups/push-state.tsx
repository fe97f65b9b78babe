import { Text } from '@mantine/core';
import { Badge } from '../../parts/badge';
import { Time } from '../../parts/time';
import { t } from '../../text';
import { stateOf, type Pushed } from './pushed';

const words = t.pushGroups;

/** How far a push is, and what stands in the way. */
export function PushState({ push }: { readonly push: Pushed }) {
  const [tone, text] = stateOf(push);
  return (
    <>
      <Badge tone={tone}>{text}</Badge>
      {push.lastError !== null && (
        <Text size="xs" mt={4} maw={380} style={{ overflowWrap: 'anywhere' }}>
          {push.lastError}
        </Text>
      )}
      {push.lastError !== null && push.nextLook !== null && (
        <Text size="xs" c="var(--mantine-color-dimmed)">
          {words.nextTry}: <Time at={push.nextLook} />
        </Text>
      )}
    </>
  );
}
