/** A POST of JSON to a webhook. */
export interface WebhookCall {
  /** `https://host:port/path?timeout=10s` */
  readonly url: string;
  /** Certificates (PEM) that the server's must come from; absent: those that the system trusts. */
  readonly caBundle?: Buffer;
  readonly body: string;
  readonly timeoutMilliseconds: number;
}

/**
 * Calls a webhook over the network. Answers whatever the server did. Rejects when there is no answer, with an error whose message says
 * why as Go's HTTP client would: `dial tcp 127.0.0.1:1: connect: connection refused`, `context deadline exceeded`.
 */
export type WebhookCaller = (call: WebhookCall) => Promise<{ status: number; body: string }>;
