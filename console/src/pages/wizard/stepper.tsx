import { Text } from '@mantine/core';
import { t } from '../../text';
import { steps, type Step } from './steps';

interface Props {
  readonly shown: Step;
  /** The last step that can be gone to, by its place. */
  readonly reach: number;
  readonly onGo: (step: Step) => void;
}

/** Where one is of how many. Narrow, only the numbers are seen, with the name of the step below. */
export function Stepper({ shown, reach, onGo }: Props) {
  return (
    <nav aria-label={t.wizard.steps} style={{ marginBlockEnd: 20 }}>
      <ol className="u-steps">
        {steps.map((step, index) => (
          <li key={step} data-done={index < reach}>
            <button
              type="button"
              aria-current={step === shown ? 'step' : undefined}
              disabled={index > reach}
              onClick={() => onGo(step)}
            >
              <span aria-hidden="true">{index + 1}</span>
              <span>{t.wizard.names[step]}</span>
            </button>
          </li>
        ))}
      </ol>
      <Text size="sm" fw={600} hiddenFrom="md" mt="xs" aria-hidden>
        {t.wizard.stepOf(steps.indexOf(shown) + 1, steps.length, t.wizard.names[shown])}
      </Text>
    </nav>
  );
}
