import { t } from '../text';
import { PersonSelect } from './person-select';

interface Props {
  readonly userId: string | null;
  readonly label?: string;
  readonly onChoose: (userId: string | null) => void;
}

/** For whom values are shown; nobody chosen is somebody of the server's choice. */
export function SamplePerson({ label = t.wizard.sample, ...rest }: Props) {
  return <PersonSelect {...rest} mb="md" maw={380} clearable label={label} placeholder={t.wizard.sampleChoose} />;
}
