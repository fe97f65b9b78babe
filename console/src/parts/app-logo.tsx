import { useState } from 'react';
import type { Schemas } from '../api/client';

const firstLetters = (name: string) =>
  name
    .split(/[\s@._-]+/)
    .slice(0, 2)
    .map((word) => word.slice(0, 1).toUpperCase())
    .join('');

/** Beside the name, so that it says nothing itself. */
export function Initials(props: { readonly name: string; readonly size: number; readonly round?: boolean }) {
  const { name, size, round = false } = props;
  return (
    <span
      className="u-logo"
      aria-hidden="true"
      style={{
        inlineSize: size,
        blockSize: size,
        fontSize: size * 0.38,
        ...(round ? { borderRadius: '50%', background: 'var(--u-info-ground)', color: 'var(--u-info)' } : {}),
      }}
    >
      {firstLetters(name)}
    </span>
  );
}

/** The logo at an address, or the first letters of the name where there is none or it cannot be loaded. */
export function Logo(props: { readonly src: string | null | undefined; readonly name: string; readonly size: number }) {
  const [broken, setBroken] = useState(false);
  const { src, name, size } = props;
  if (src == null || broken) return <Initials name={name} size={size} />;
  return (
    <span className="u-logo" style={{ inlineSize: size, blockSize: size }}>
      <img src={src} alt="" loading="lazy" onError={() => setBroken(true)} />
    </span>
  );
}

export function AppLogo({ app, size }: { readonly app: Schemas['Application']; readonly size: number }) {
  return <Logo src={app._links.logo[0]?.href} name={app.label} size={size} />;
}
