import { CloseButton } from '@mantine/core';
import { useState } from 'react';
import { t } from '../text';
import type { Permission } from './session';

/** Says that somebody may do less than when the page was opened: buttons and fields change before their eyes. */
export function Rights({ permissions }: { readonly permissions: readonly Permission[] }) {
  const [known, setKnown] = useState(permissions);
  const isLess = known.some((permission) => !permissions.includes(permission));
  return (
    <div role="status" className="u-lost">
      {isLess && (
        <div className="u-note" data-tone="warn" style={{ display: 'flex', gap: 12 }}>
          {t.session.fewerRights}
          <CloseButton aria-label={t.common.close} onClick={() => setKnown(permissions)} />
        </div>
      )}
    </div>
  );
}
