import { Modal } from '@mantine/core';
import { t } from '../text';

const words = t.calls;

/** Every key there is, and what it does. */
export function KeysDialog(props: {
  readonly sections: readonly { readonly label: string; readonly key: string }[];
  readonly onClose: () => void;
}) {
  const keys = [
    ['/', words.search],
    ['Ctrl K', words.search],
    ...props.sections.map(({ label, key }) => [`g ${key}`, words.goTo(label)] as const),
    ['g c', words.title],
    ['?', words.list],
  ] as const;
  return (
    <Modal opened onClose={props.onClose} title={words.keys} closeButtonProps={{ 'aria-label': t.common.close }}>
      <table className="u-table" aria-label={words.keysOf}>
        <thead>
          <tr>
            <th scope="col">{words.key}</th>
            <th scope="col">{words.does}</th>
          </tr>
        </thead>
        <tbody>
          {keys.map(([key, does]) => (
            <tr key={key}>
              <th scope="row">
                <kbd>{key}</kbd>
              </th>
              <td>{does}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Modal>
  );
}
