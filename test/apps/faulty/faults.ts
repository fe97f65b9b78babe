import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Fault } from './behaviour.ts';
import type { Reply } from './reply.ts';

/** The faults planned for a server, each with how often it has matched. */
export interface FaultPlan {
  add(faults: readonly Fault[]): void;
  clear(): void;
  /** The fault this request runs into, if any. */
  next(line: string): Fault | undefined;
}

export function newFaultPlan(): FaultPlan {
  let entries: { fault: Fault; matches: number; hits: number }[] = [];
  let seed = 42;

  // A fixed linear congruential sequence: the same run draws the same faults.
  function draw(): number {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed / 2_147_483_648;
  }

  function hits(entry: (typeof entries)[number], line: string): boolean {
    const { fault } = entry;
    if (!line.includes(fault.on)) return false;
    entry.matches += 1;
    if (entry.matches <= (fault.skip ?? 0) || entry.hits >= (fault.times ?? Infinity)) return false;
    if (fault.probability !== undefined && draw() >= fault.probability) return false;
    entry.hits += 1;
    return true;
  }

  return {
    add: (faults) => void entries.push(...faults.map((fault) => ({ fault, matches: 0, hits: 0 }))),
    clear: () => void (entries = []),
    next: (line) => entries.find((entry) => hits(entry, line))?.fault,
  };
}

/** What the fault makes of the answer. */
export function distort(reply: Reply, fault: Fault): Reply {
  return {
    status: fault.status ?? reply.status,
    body: fault.body ?? reply.body,
    headers: { ...reply.headers, ...fault.headers },
    ...(fault.contentType === undefined ? {} : { contentType: fault.contentType }),
  };
}

/** Sends the answer the way the fault wants it, which is never the whole of it. */
export function sendBadly(response: ServerResponse, reply: Reply, fault: Fault): void {
  const body = Buffer.from(reply.body);
  const type = { 'content-type': 'application/scim+json' };
  switch (fault.transport) {
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'hang':
      return;
    case 'cut':
      response.writeHead(reply.status, { ...type, 'content-length': body.length });
      response.write(body.subarray(0, fault.cutAt ?? body.length >> 1), () => response.socket?.destroy());
      return;
    case 'drip':
      response.writeHead(reply.status, { ...type, 'content-length': body.length });
      drip(response, body, fault.dripMs ?? 100);
      return;
    case 'huge':
      response.writeHead(reply.status, type);
      pour(response, fault.bytes ?? 1024 ** 3);
      return;
    case 'bomb': {
      const packed = gzipSync(Buffer.alloc(fault.bytes ?? 200 * 1024 * 1024, 0x20));
      response.writeHead(reply.status, { ...type, 'content-encoding': 'gzip', 'content-length': packed.length });
      response.end(packed);
      return;
    }
    case 'huge-headers':
      response.socket?.end(
        `HTTP/1.1 200 OK\r\n${`x-filler: ${'x'.repeat(1000)}\r\n`.repeat(100)}content-length: 0\r\n\r\n`,
      );
      return;
    default:
      throw new Error('sendBadly needs a transport fault');
  }
}

function drip(response: ServerResponse, body: Buffer, everyMs: number): void {
  let at = 0;
  const timer = setInterval(() => {
    if (response.destroyed || at >= body.length) clearInterval(timer);
    else response.write(body.subarray(at, ++at));
  }, everyMs);
  response.on('close', () => clearInterval(timer));
}

function pour(response: ServerResponse, bytes: number): void {
  const block = Buffer.alloc(64 * 1024, 0x20);
  let left = bytes;
  const more = (): void => {
    while (left > 0 && !response.destroyed) {
      left -= block.length;
      if (!response.write(block)) return void response.once('drain', more);
    }
    response.end();
  };
  more();
}
