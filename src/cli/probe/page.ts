import type { ProbeExchange, ProbeFinding, ProbeReport } from '../../connectors/contract.ts';

/** The report as one page of HTML, without scripts and with nothing to load. */
export function probePage(report: ProbeReport): string {
  const { url, score, verdict, counts, findings, exchanges, started, requests } = report;
  const broken = findings.filter(({ outcome }) => outcome === 'fail' || outcome === 'warn');
  const rest = findings.filter(({ outcome }) => outcome === 'pass' || outcome === 'skip');
  const tone = score >= 85 ? 'good' : score >= 50 ? 'fair' : 'bad';
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>SCIM probe: ${score}/100</title><style>${css}</style></head><body><main>
<header><div class="score ${tone}"><b>${score}</b><span>of 100</span></div>
<div><h1>${escaped(url)}</h1><p>${escaped(verdict)}</p>
<p class="dim">${counts.pass} rules hold · ${counts.warn} nearly · ${counts.fail} do not · ${counts.skip} not tried · ${requests} requests · ${escaped(started)}</p></div></header>
${report.leftBehind.map((each) => `<p class="left">Left behind, delete by hand: ${escaped(each)}</p>`).join('')}
${broken.map(findingHtml).join('\n')}
<h2>What holds, and what was not tried</h2>
<table>${rest.map(({ title, outcome, seen }) => `<tr class="${outcome}"><td>${escaped(title)}</td><td>${escaped(seen)}</td></tr>`).join('')}</table>
<h2>Requests</h2>
${exchanges.map(exchangeHtml).join('\n')}
</main></body></html>
`;
}

function findingHtml({ title, weight, reference, seen, means, fix, exchanges, outcome }: ProbeFinding): string {
  const proof = exchanges.map((number) => `<a href="#r${number}">request ${number}</a>`).join(', ');
  return `<section class="${outcome} ${weight}"><h3>${escaped(title)}</h3><span class="tag">${weight}</span> <span class="dim">${escaped(reference)}</span>
<dl><dt>Seen</dt><dd>${escaped(seen)} ${proof}</dd><dt>Means</dt><dd>${escaped(means)}</dd><dt>Fix</dt><dd>${escaped(fix)}</dd></dl></section>`;
}

function exchangeHtml(exchange: ProbeExchange): string {
  const { number, method, url, status, error, durationMs, requestBody, responseBody } = exchange;
  return `<details id="r${number}"><summary><b>${number}</b> ${method} ${escaped(url)} <span class="dim">→ ${escaped(String(status ?? error ?? ''))}, ${durationMs} ms</span></summary>
<pre>${escaped(headerLines(exchange.requestHeaders))}\n\n${escaped(pretty(requestBody))}</pre>
<pre>${escaped(headerLines(exchange.responseHeaders))}\n\n${escaped(pretty(responseBody))}</pre></details>`;
}

function headerLines(headers: ProbeExchange['requestHeaders']): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}

function pretty(body: string | null): string {
  if (body === null) return '';
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const css = `
:root{color-scheme:light dark;font:15px/1.5 system-ui,sans-serif}
main{max-width:56rem;margin:2rem auto;padding:0 1rem}
header{display:flex;gap:1.5rem;align-items:center}
h1{font-size:1.15rem;margin:0;word-break:break-all}
h3{margin:0 0 .2rem;font-size:1rem}
p{margin:.3rem 0}
.score{flex:none;width:6rem;height:6rem;border-radius:50%;display:grid;place-content:center;text-align:center;border:.45rem solid}
.score b{font-size:1.9rem;line-height:1}.score span{font-size:.75rem}
.good{border-color:#2b8a3e}.fair{border-color:#e67700}.bad{border-color:#c92a2a}
.dim{opacity:.65}
section{border-left:.3rem solid #e67700;padding:.6rem 1rem;margin:1rem 0;background:#8881}
section.fail.critical{border-color:#c92a2a}section.minor{border-color:#868e96}
.tag{font-size:.75rem;border:1px solid;border-radius:1rem;padding:0 .5rem}
dl{display:grid;grid-template-columns:4rem 1fr;margin:.5rem 0 0}dt{opacity:.65}dd{margin:0}
table{border-collapse:collapse;width:100%}td{border-bottom:1px solid #8883;padding:.3rem .5rem;vertical-align:top}
tr.pass td:first-child::before{content:"● ";color:#2b8a3e}tr.skip td:first-child::before{content:"· "}
pre{white-space:pre-wrap;word-break:break-all;background:#8881;padding:.6rem;font-size:12px}
summary{cursor:pointer;word-break:break-all}.left{color:#c92a2a}
`;
