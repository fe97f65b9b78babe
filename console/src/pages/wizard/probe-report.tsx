import { Group, Stack, Text, Title } from '@mantine/core';
import type { Schemas } from '../../api/client';
import { Badge, type Tone } from '../../parts/badge';
import { t } from '../../text';

type Report = Schemas['ProbeReport'];

const tones: Readonly<Record<Schemas['ProbeFinding']['outcome'], Tone>> = {
  pass: 'good',
  warn: 'warn',
  fail: 'bad',
  skip: 'quiet',
};

/** What a test found: what is wrong first, then everything that was asked and answered. */
export function ProbeReport({ report }: { readonly report: Report }) {
  const { pass, warn, fail, skip } = report.counts;
  const shown = (['fail', 'warn'] as const).flatMap((outcome) =>
    report.findings.filter((finding) => finding.outcome === outcome),
  );
  return (
    <section aria-label={t.wizard.findings} style={{ marginBlockStart: 28 }}>
      <Title order={3} size="h4" mb="xs">
        {t.wizard.findings}
      </Title>
      <Text size="sm" role="status">
        <strong>{t.wizard.score(report.score)}.</strong> {report.verdict}
      </Text>
      <Text size="sm" c="var(--mantine-color-dimmed)" mb="md">
        {t.wizard.foundOf(pass, warn, fail, skip)}
      </Text>
      {report.leftBehind.length > 0 && (
        <div className="u-note" data-tone="warn">
          <Text size="sm">
            {t.wizard.leftBehind} {report.leftBehind.join(', ')}
          </Text>
        </div>
      )}
      <Stack gap="sm">
        {shown.map((finding) => (
          <Finding key={finding.rule} finding={finding} />
        ))}
      </Stack>
      <Exchanges report={report} />
    </section>
  );
}

function Finding({ finding }: { readonly finding: Schemas['ProbeFinding'] }) {
  return (
    <Group gap="sm" align="flex-start">
      <Badge tone={tones[finding.outcome]}>{t.wizard.outcomes[finding.outcome]}</Badge>
      <div style={{ flex: '1 1 240px', minWidth: 0, overflowWrap: 'anywhere' }}>
        <Text size="sm" fw={600}>
          {finding.title}
        </Text>
        <Text size="sm">{finding.seen}</Text>
        <Text size="sm" c="var(--mantine-color-dimmed)">
          {finding.fix}
        </Text>
      </div>
    </Group>
  );
}

function Exchanges({ report: { url, exchanges } }: { readonly report: Report }) {
  return (
    <details className="u-details" style={{ marginBlockStart: 16 }}>
      <summary>{t.wizard.exchanges(exchanges.length)}</summary>
      <Text size="xs" c="var(--mantine-color-dimmed)" my="xs">
        {t.wizard.exchangesWhat}
      </Text>
      {exchanges.map((exchange) => (
        <Exchange key={exchange.number} exchange={exchange} base={url} />
      ))}
    </details>
  );
}

interface ExchangeProps {
  readonly exchange: Schemas['ProbeExchange'];
  /** The address of the server: what is asked of it is shown without. */
  readonly base: string;
}

function Exchange({ exchange, base }: ExchangeProps) {
  const { method, url, status, error, durationMs, requestHeaders, requestBody, responseHeaders, responseBody } =
    exchange;
  return (
    <details className="u-details">
      <summary className="u-mono">
        {method} {url.startsWith(base) ? url.slice(base.length) : url} · {status ?? t.wizard.noAnswer} ·{' '}
        {t.app.ms(durationMs)}
      </summary>
      <Text size="xs" fw={600} mt="xs">
        {t.wizard.request}
      </Text>
      <pre className="u-pre">{[...linesOf(requestHeaders), requestBody ?? ''].join('\n').trim()}</pre>
      <Text size="xs" fw={600}>
        {t.wizard.answer}
      </Text>
      <pre className="u-pre">{[...linesOf(responseHeaders), '', error ?? responseBody ?? ''].join('\n').trim()}</pre>
    </details>
  );
}

function linesOf(headers: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
}
