import { UserError } from '../../model/user-error.ts';

/** One etcd member's client address. */
export interface Endpoint {
  readonly secure: boolean;
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
  /** `host:port`, with brackets around an IPv6 address. */
  readonly address: string;
  /** For messages: scheme and address. */
  readonly url: string;
}

const DEFAULT_PORT = 2379;

/** Reads an endpoint as etcdctl takes it. Throws UserError for anything but http, https or `host:port`. */
export function parseEndpoint(text: string, tlsByDefault: boolean): Endpoint {
  const trimmed = text.trim();
  const withScheme = trimmed.includes('://') ? trimmed : `${tlsByDefault ? 'https' : 'http'}://${trimmed}`;
  const scheme = /^(https?):\/\//i.exec(withScheme)?.[1]?.toLowerCase();
  if (scheme === undefined) throw malformed(text, 'the scheme must be http or https');
  const rest = withScheme.slice(scheme.length + 3).replace(/\/$/, '');
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^[\]:/?#@\s]+))(?::(\d{1,5}))?$/.exec(rest);
  const host = match?.[1] ?? match?.[2];
  if (host === undefined) throw malformed(text, 'want host:port, http://host:port or https://host:port');
  const port = Number(match?.[3] ?? DEFAULT_PORT);
  if (port < 1 || port > 65535) throw malformed(text, 'the port must be between 1 and 65535');
  const address = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return { secure: scheme === 'https', host, port, address, url: `${scheme}://${address}` };
}

function malformed(text: string, why: string): UserError {
  return new UserError(`invalid etcd endpoint ${JSON.stringify(text)}: ${why}`);
}
