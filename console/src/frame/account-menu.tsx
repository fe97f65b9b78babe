import { Menu, UnstyledButton, VisuallyHidden, useMantineColorScheme } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useLocation, useNavigate } from 'react-router';
import { send } from '../api/client';
import { forgetRequests } from '../api/sent';
import { Initials } from '../parts/app-logo';
import { t } from '../text';
import { chooseLanguage, chosenLanguage, languages, type Language } from '../text/language';
import { useSession } from './session';

/** As `admin-frame` has them. */
const keys = { calls: 'g c', list: '?' } as const;

/** `onCalls` and `onKeys`: what is opened from here, in the admin console. */
export function AccountMenu({ onCalls, onKeys }: { readonly onCalls?: () => void; readonly onKeys?: () => void }) {
  const { user, roles, permissions } = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const inAdmin = useLocation().pathname.startsWith('/admin');
  const signOut = async () => {
    await send('delete', '/usher/v1/session');
    queries.clear();
    forgetRequests();
    await navigate('/login');
  };
  return (
    <Menu position="bottom-end" width={240} withinPortal>
      <Menu.Target>
        <UnstyledButton title={user.displayName}>
          <Initials name={user.displayName} size={36} round />
          <VisuallyHidden>{t.frame.account(user.displayName)}</VisuallyHidden>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label c="var(--mantine-color-dimmed)">
          {user.login}
          <br />
          {roles.join(', ')}
        </Menu.Label>
        {inAdmin ? (
          <Menu.Item component={Link} to="/my">
            {t.frame.myApps}
          </Menu.Item>
        ) : (
          permissions.length > 0 && (
            <Menu.Item component={Link} to="/admin">
              {t.frame.adminConsole}
            </Menu.Item>
          )
        )}
        <Menu.Item component={Link} to="/my/profile">
          {t.frame.profile}
        </Menu.Item>
        {onCalls && (
          <Menu.Item onClick={onCalls} rightSection={<kbd>{keys.calls}</kbd>}>
            {t.calls.title}
          </Menu.Item>
        )}
        {onKeys && (
          <Menu.Item onClick={onKeys} rightSection={<kbd>{keys.list}</kbd>}>
            {t.calls.keys}
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Label c="var(--mantine-color-dimmed)">{t.frame.appearance}</Menu.Label>
        {(['light', 'dark', 'auto'] as const).map((scheme) => (
          <Menu.Item
            key={scheme}
            role="menuitemradio"
            aria-checked={colorScheme === scheme}
            onClick={() => setColorScheme(scheme)}
          >
            {t.frame.schemes[scheme]} {colorScheme === scheme ? '✓' : ''}
          </Menu.Item>
        ))}
        <Menu.Label c="var(--mantine-color-dimmed)">{t.frame.language}</Menu.Label>
        <LanguageItem name={t.frame.asBrowser} />
        <LanguageItem name={languages.en} language="en" />
        <LanguageItem name={languages.de} language="de" />
        <Menu.Divider />
        <Menu.Item onClick={() => void signOut()}>{t.frame.signOut}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function LanguageItem({ name, language }: { readonly name: string; readonly language?: Language }) {
  const isChosen = chosenLanguage() === language;
  return (
    <Menu.Item
      role="menuitemradio"
      aria-checked={isChosen}
      {...(language === undefined ? {} : { lang: language })}
      onClick={() => chooseLanguage(language)}
    >
      {name} {isChosen ? '✓' : ''}
    </Menu.Item>
  );
}
