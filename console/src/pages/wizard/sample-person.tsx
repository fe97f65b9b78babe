import { PersonSelect } from '../../parts/person-select';
import { t } from '../../text';

interface Props {
  readonly userId: string | null;
  readonly onChoose: (userId: string | null) => void;
}

/** For whom values are shown; nobody chosen is somebody of the directory. */
export function SamplePerson(props: Props) {
  return (
    <PersonSelect {...props} mb="md" maw={380} clearable label={t.wizard.sample} placeholder={t.wizard.sampleChoose} />
  );
}
