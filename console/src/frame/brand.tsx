import { Link } from 'react-router';
import { t } from '../text';

export function Brand({ to }: { readonly to: string }) {
  return (
    <Link to={to} style={{ display: 'flex', alignItems: 'center', gap: 10, textDecoration: 'none', color: 'inherit' }}>
      <img src="/favicon.svg" alt="" width={28} height={28} />
      <span style={{ fontWeight: 700, fontSize: '1.1rem', letterSpacing: '-0.01em' }}>{t.common.usher}</span>
    </Link>
  );
}
