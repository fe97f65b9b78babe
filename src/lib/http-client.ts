/** One request to an app. `url` is absolute; header names are in any case. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string;
  readonly signal?: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  /** Lower-case names; a repeated header is joined with `, `. */
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
}

/**
 * The one way out. Refuses addresses that egress rules do not allow (checked on the connected address), never
 * follows a redirect (a 3xx is an answer), and bounds time, header and body size.
 *
 * @throws {UsherError} `app_address_refused`, `app_unreachable`, `app_timeout` or `app_bad_answer` (body too
 *   large or cut off). `outcomeUnknown` is true whenever the request may have reached the app.
 */
export interface HttpClient {
  request(request: HttpRequest): Promise<HttpResponse>;
  close(): Promise<void>;
}
