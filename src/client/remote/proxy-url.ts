import net from 'node:net';

/** The proxy that a URL names, or what is wrong with it. */
export function parseProxyUrl(text: string): URL | string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) return `parse ${JSON.stringify(text)}: invalid URI for request`;
  if (url.protocol === 'http:' || url.protocol === 'https:') return url;
  if (url.protocol === 'socks5:') return 'SOCKS proxies are not supported by kube-lite, only http and https';
  return `unsupported scheme ${JSON.stringify(url.protocol.slice(0, -1))}, must be http, https, or socks5`;
}

/** The proxy that the environment names for a server, by the rules of Go's golang.org/x/net/http/httpproxy. */
export function proxyOfEnvironment(server: URL, env: Readonly<Record<string, string | undefined>>): URL | undefined {
  const name = server.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const value = env[name] || env[name.toLowerCase()] || '';
  if (value === '' || isExempt(server, env['NO_PROXY'] || env['no_proxy'] || '')) return undefined;
  const proxy = parseProxyUrl(value.includes('://') ? value : `http://${value}`);
  return typeof proxy === 'string' ? undefined : proxy;
}

function isExempt(server: URL, list: string): boolean {
  const host = server.hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  const isAddress = net.isIP(host) !== 0;
  if (host === 'localhost' || host === '::1' || (isAddress && host.startsWith('127.'))) return true;
  const port = server.port || (server.protocol === 'https:' ? '443' : '80');
  return list
    .split(',')
    .map((each) => each.trim().toLowerCase())
    .some((entry) => entry === '*' || (isAddress ? coversAddress(entry, host, port) : coversName(entry, host, port)));
}

function coversAddress(entry: string, host: string, port: string): boolean {
  if (!entry.includes('/')) return entry === host || entry === `${host}:${port}`;
  const [network = '', bits = ''] = entry.split('/');
  if (net.isIP(network) !== net.isIP(host)) return false;
  const family = net.isIPv6(host) ? 'ipv6' : 'ipv4';
  const block = new net.BlockList();
  block.addSubnet(network, Number(bits), family);
  return block.check(host, family);
}

/** `example.com` covers the name and all below it, `.example.com` only those below. */
function coversName(entry: string, host: string, port: string): boolean {
  const [, name = '', wantedPort] = /^\*?(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  if (name === '' || (wantedPort !== undefined && wantedPort !== port)) return false;
  return name.startsWith('.') ? host.endsWith(name) : host === name || host.endsWith(`.${name}`);
}
