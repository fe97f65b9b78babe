import { send } from '../../api/client';
import { FateDialog } from '../../parts/fate-dialog';
import { t } from '../../text';
import { nameOfPush, type Pushed } from './pushed';

const words = t.pushGroups;

interface Props {
  readonly appId: string;
  readonly push: Pushed;
  readonly canDelete: boolean;
  readonly onClose: () => void;
}

/** Unties a group from the one in the app, which stays or goes. */
export function UnlinkDialog({ appId, push, canDelete, onClose }: Props) {
  const one = '/api/v1/apps/{appId}/group-push/mappings/{pushId}';
  const path = { appId, pushId: push.id };
  return (
    <FateDialog
      title={words.unlinkTitle(nameOfPush(push))}
      question={words.unlinkChoice}
      fates={[
        { value: 'keep', ...words.unlinkChoices.keep },
        {
          value: 'delete',
          ...words.unlinkChoices.delete,
          danger: true,
          ...(canDelete ? {} : { cannot: words.cannotDelete }),
        },
      ]}
      action={words.unlink}
      done={words.unlinked}
      onDecide={async (fate) => {
        if (push.status !== 'INACTIVE') await send('patch', one, { path, body: { status: 'INACTIVE' } });
        await send('delete', one, { path, query: { deleteTargetGroup: fate === 'delete' } });
      }}
      onClose={onClose}
    />
  );
}
