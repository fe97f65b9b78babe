import { Button, type ButtonProps } from '@mantine/core';
import { useNavigate } from 'react-router';
import { send } from '../api/client';
import { useMay } from '../frame/session';
import { t } from '../text';
import { useChange } from './said';

interface Props extends Pick<ButtonProps, 'size'> {
  /** As `POST /usher/v1/plans` takes it. */
  readonly change: object;
  readonly accessibleLabel?: string;
  readonly disabled?: boolean;
  /** What keeps the change from being planned keeps it from being made: it is said where the change is. */
  readonly onError: (error: unknown) => void;
  /** Before the page is left: the plan has the change. */
  readonly onPlanned?: () => void;
}

/** Makes a plan of a change instead of the change, and goes there. */
export function PreviewButton(props: Props) {
  const { change, accessibleLabel, disabled = false, onError, onPlanned, size = 'sm' } = props;
  const may = useMay();
  const preview = useMakePlan(onPlanned);
  if (!may('apps.assign')) return null;
  const make = () => {
    onError(null);
    preview.mutate(change, { onError });
  };
  return (
    <Button
      variant="default"
      size={size}
      disabled={disabled}
      aria-label={accessibleLabel ?? t.plans.preview}
      loading={preview.isPending}
      onClick={make}
    >
      {t.plans.preview}
    </Button>
  );
}

/** Makes a plan and goes to it. */
function useMakePlan(onPlanned: (() => void) | undefined) {
  const navigate = useNavigate();
  return useChange(async (change: object) => {
    const plan = await send('post', '/usher/v1/plans', { body: { change } });
    onPlanned?.();
    await navigate(`/admin/plans/${plan.id}`);
  });
}
