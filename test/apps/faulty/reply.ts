export interface Reply {
  readonly status: number;
  readonly body: string;
  readonly headers?: { readonly [name: string]: string };
  readonly contentType?: string;
}

/** What a handler throws to answer with an error. */
export class Refusal extends Error {
  readonly reply: Reply;

  constructor(reply: Reply) {
    super(`answers ${reply.status}`);
    this.reply = reply;
  }
}

export type Resource = { [attribute: string]: unknown };

export function isObject(value: unknown): value is Resource {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function refuse(status: number, detail: string, scimType?: string): Refusal {
  return new Refusal({
    status,
    body: JSON.stringify({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: String(status),
      ...(scimType === undefined ? {} : { scimType }),
      detail,
    }),
  });
}

export function refuseWithHtml(status: number, title: string): Refusal {
  return new Refusal({
    status,
    body: `<!doctype html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`,
    contentType: 'text/html',
  });
}

export function listReply(page: readonly unknown[], totalResults: number, startIndex: number): Reply {
  return {
    status: 200,
    body: JSON.stringify({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
      totalResults,
      startIndex,
      itemsPerPage: page.length,
      Resources: page,
    }),
  };
}
