import { hostPort } from './endpoint-addresses.ts';
import { has, numberAt, stringsAt, textAt } from './fields.ts';
import { listText } from './metadata-lines.ts';

const UNESCAPED = /[^A-Za-z0-9\-_.~$&+,/:;=@]+/g;

/** A probe in one line: `http-get http://:8080/healthz delay=0s timeout=1s period=10s #success=1 #failure=3`. */
export function probeText(probe: unknown): string {
  const times = `delay=${numberAt(probe, 'initialDelaySeconds')}s timeout=${numberAt(probe, 'timeoutSeconds')}s period=${numberAt(probe, 'periodSeconds')}s`;
  const counts = `#success=${numberAt(probe, 'successThreshold')} #failure=${numberAt(probe, 'failureThreshold')}`;
  return `${actionText(probe)} ${times} ${counts}`;
}

function actionText(probe: unknown): string {
  const at = (path: string): string => textAt(probe, path);
  if (has(probe, 'exec')) return `exec ${listText(stringsAt(probe, 'exec.command'))}`;
  if (has(probe, 'httpGet')) return `http-get ${urlText(probe)}`;
  if (has(probe, 'tcpSocket')) return `tcp-socket ${at('tcpSocket.host')}:${at('tcpSocket.port')}`;
  if (has(probe, 'grpc')) return `grpc <pod>:${numberAt(probe, 'grpc.port')} ${at('grpc.service')}`;
  return 'unknown';
}

function urlText(probe: unknown): string {
  const path = textAt(probe, 'httpGet.path').replaceAll(UNESCAPED, percentEncoded);
  const host = hostPort(textAt(probe, 'httpGet.host'), textAt(probe, 'httpGet.port'));
  const scheme = textAt(probe, 'httpGet.scheme').toLowerCase();
  return `${scheme === '' ? '' : `${scheme}:`}//${host}${path === '' || path.startsWith('/') ? path : `/${path}`}`;
}

function percentEncoded(text: string): string {
  return [...Buffer.from(text)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}
