import { Radio, Stack, Switch, Text, useMantineColorScheme } from '@mantine/core';
import { useState } from 'react';
import { areShortcutsOn, turnShortcuts } from '../../frame/shortcuts';
import { Card } from '../../parts/page';
import { t } from '../../text';
import { chooseLanguage, chosenLanguage, languages, type Language } from '../../text/language';

const words = t.settings.appearance;
const schemes = ['light', 'dark', 'auto'] as const;
const asBrowser = 'browser';
const languageChoices = Object.entries(languages);

/** How the console looks and speaks in this browser: what the account menu has, and its keys. */
export function Appearance() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [shortcuts, setShortcuts] = useState(areShortcutsOn);
  return (
    <>
      <Text size="sm" c="var(--mantine-color-dimmed)" mb="md" maw={640}>
        {words.what}
      </Text>
      <Card>
        <Stack gap="xl">
          <Radio.Group
            label={words.theme}
            value={colorScheme}
            onChange={(chosen) => setColorScheme(schemes.find((scheme) => scheme === chosen) ?? 'auto')}
          >
            <Stack gap="sm" mt="xs">
              {schemes.map((scheme) => (
                <Radio key={scheme} value={scheme} label={t.frame.schemes[scheme]} />
              ))}
            </Stack>
          </Radio.Group>
          <Radio.Group
            label={t.frame.language}
            description={words.languageWhat}
            value={chosenLanguage() ?? asBrowser}
            onChange={(chosen) => chooseLanguage(isLanguage(chosen) ? chosen : undefined)}
          >
            <Stack gap="sm" mt="xs">
              <Radio value={asBrowser} label={t.frame.asBrowser} />
              {languageChoices.map(([language, name]) => (
                <Radio key={language} value={language} label={<span lang={language}>{name}</span>} />
              ))}
            </Stack>
          </Radio.Group>
          <Switch
            label={words.shortcuts}
            description={words.shortcutsWhat}
            checked={shortcuts}
            onChange={({ currentTarget: { checked } }) => {
              turnShortcuts(checked);
              setShortcuts(checked);
            }}
          />
        </Stack>
      </Card>
    </>
  );
}

function isLanguage(text: string): text is Language {
  return Object.hasOwn(languages, text);
}
