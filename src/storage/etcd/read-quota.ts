import http from 'node:http';
import https from 'node:https';
import type { Endpoint } from './endpoint.ts';
import type { TlsMaterial } from './tls-material.ts';

const QUOTA = /^etcd_server_quota_backend_bytes (\S+)$/m;
/** A member's metrics are some hundred kilobytes. */
const MOST_BYTES = 16 * 1024 * 1024;

/**
 * How large a member's database may become, in bytes: its metric `etcd_server_quota_backend_bytes`, which it serves at
 * `/metrics` beside the API. Undefined when it does not, or not in time. Never rejects.
 */
export async function readQuota(endpoint: Endpoint, tls: TlsMaterial, timeoutMs: number): Promise<number | undefined> {
  const text = await metricsOf(endpoint, tls, timeoutMs).catch(() => '');
  const quota = Number(QUOTA.exec(text)?.[1]);
  return quota > 0 ? quota : undefined;
}

function metricsOf({ secure, host, port }: Endpoint, tls: TlsMaterial, timeoutMs: number): Promise<string> {
  const { ca, cert, key, insecureSkipVerify } = tls;
  const options = {
    host,
    port,
    path: '/metrics',
    agent: false,
    signal: AbortSignal.timeout(timeoutMs),
    rejectUnauthorized: !insecureSkipVerify,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined || key === undefined ? {} : { cert, key }),
  };
  return new Promise((resolve, reject) => {
    const request = (secure ? https : http).get(options, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
        if (text.length > MOST_BYTES) response.destroy(new Error('too much'));
      });
      response.on('end', () => resolve(text));
      response.on('error', reject);
    });
    request.on('error', reject);
  });
}
