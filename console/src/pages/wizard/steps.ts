import { useQueryClient } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import type { Schemas } from '../../api/client';

export type Wizard = Schemas['Wizard'];

export const steps = ['name', 'connection', 'capabilities', 'mappings', 'match', 'people', 'review'] as const;
export type Step = (typeof steps)[number];

/** The last step that can be gone to: those after it rest on it. */
export function reachOf(wizard: Pick<Wizard, 'draft'> | undefined): Step {
  if (wizard === undefined) return 'name';
  const done = (step: (typeof wizard.draft.done)[number]) => wizard.draft.done.includes(step);
  if (!done('connection') || !done('probe')) return 'connection';
  if (!done('capabilities') || !done('schema')) return 'capabilities';
  if (!done('mappings')) return 'mappings';
  return done('match') ? 'review' : 'match';
}

/** Where to go on: who gets it is asked once, though it may be nobody. */
export function nextOf(wizard: Pick<Wizard, 'draft'> | undefined): Step {
  const reach = reachOf(wizard);
  return reach === 'review' && wizard?.draft.assignments === undefined ? 'people' : reach;
}

/** Which wizard and which step is in the address: the back button goes a step back, and a reload loses nothing. */
export function useWizardAddress() {
  const [params, setParams] = useSearchParams();
  return {
    wizardId: params.get('wizard'),
    step: steps.find((step) => step === params.get('step')),
    label: params.get('label') ?? '',
    appId: params.get('app'),
    open: (wizardId: string, step: Step) => setParams({ wizard: wizardId, step }),
  };
}

/** Puts what the server answered in place of what is shown. */
export function useKeep() {
  const queries = useQueryClient();
  return async (wizard: Wizard) => {
    queries.setQueryData(['wizard', wizard.id], wizard);
    await queries.invalidateQueries({ predicate: ({ queryKey: [head] }) => head !== 'wizard' });
  };
}
