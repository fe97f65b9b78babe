import { TextInput, type TextInputProps } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useAddress } from './address';

type Props = Omit<TextInputProps, 'value' | 'onChange'> & { readonly name: string };

/**
 * A field whose text is in the address. It keeps its own too: the address follows a moment later, and a field that waited
 * for it would lose what somebody types quickly.
 */
export function AddressField({ name, ...rest }: Props) {
  const { get, set } = useAddress();
  const addressed = get(name) ?? '';
  const [text, setText] = useState(addressed);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (document.activeElement !== field.current) setText(addressed);
  }, [addressed]);
  return (
    <TextInput
      ref={field}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        set(name, event.currentTarget.value);
      }}
      {...rest}
    />
  );
}
