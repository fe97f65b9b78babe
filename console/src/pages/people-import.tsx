import { Button, Checkbox, FileInput, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { send, type Schemas } from '../api/client';
import { Card, PageBody } from '../parts/page';
import { RunProgress, useRun } from '../parts/run-progress';
import { ErrorNote } from '../parts/states';
import { useUnsaved } from '../parts/unsaved';
import { t } from '../text';

/** A file is checked as a whole first; only then can it be loaded. */
export function PeopleImportPage() {
  const [file, setFile] = useState<File | null>(null);
  const [createAttributes, setCreate] = useState(false);
  const { forget } = useUnsaved({ file: file?.name, createAttributes });
  const [checkId, setCheckId] = useState<string>();
  const [error, setError] = useState<unknown>();
  const navigate = useNavigate();
  const check = useRun(checkId);
  const start = async (dryRun: boolean) => {
    if (file === null) return;
    setError(undefined);
    try {
      const run: Schemas['Run'] = await send('post', '/usher/v1/imports/people', {
        query: { dryRun, createAttributes },
        text: { type: 'text/csv', content: file },
      });
      if (dryRun) setCheckId(run.id);
      else {
        forget();
        await navigate(`/admin/runs/${run.id}`);
      }
    } catch (problem) {
      setError(problem);
    }
  };
  const isGood = check.data?.status === 'SUCCEEDED';
  return (
    <PageBody title={t.import.title} above={[{ to: '/admin/people', label: t.people.title }]}>
      <Card title={t.import.file}>
        <Stack maw={560}>
          <Text size="sm">{t.import.what}</Text>
          <ErrorNote error={error} />
          <FileInput
            label={t.import.choose}
            placeholder={t.import.placeholder}
            accept=".csv,text/csv"
            clearable
            clearButtonProps={{ 'aria-label': t.common.clear }}
            value={file}
            onChange={(chosen) => {
              setFile(chosen);
              setCheckId(undefined);
            }}
          />
          <Checkbox
            label={t.import.createAttributes}
            checked={createAttributes}
            onChange={(event) => setCreate(event.currentTarget.checked)}
          />
          <Group>
            <Button variant={isGood ? 'default' : 'filled'} disabled={file === null} onClick={() => void start(true)}>
              {t.import.check}
            </Button>
            {isGood && <Button onClick={() => void start(false)}>{t.import.load}</Button>}
          </Group>
        </Stack>
      </Card>
      {check.data !== undefined && (
        <Card title={t.import.preview}>
          <RunProgress run={check.data} />
        </Card>
      )}
    </PageBody>
  );
}
