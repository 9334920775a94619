import os from 'node:os';
import { isJsonObject } from '../model/json-value.ts';
import { kubectlVersion, kubeLiteVersion } from '../model/version.ts';
import type { Context } from './context.ts';

/** Go's version.Info: the facts that a Go client prints of itself; kube-lite says in gitVersion what it is. */
export interface VersionInfo {
  readonly major?: string;
  readonly minor?: string;
  readonly gitVersion: string;
  readonly [fact: string]: unknown;
}

/** The fields of Go's version.Info, in its order. */
export const VERSION_FACTS: readonly string[] = [
  'major',
  'minor',
  'emulationMajor',
  'emulationMinor',
  'minCompatibilityMajor',
  'minCompatibilityMinor',
  'gitVersion',
  'gitCommit',
  'gitTreeState',
  'buildDate',
  'goVersion',
  'compiler',
  'platform',
];

/** What servers before 1.33 do not tell. */
const OPTIONAL = /^(?:emulation|minCompatibility)/;

/** What Go calls a system or a processor that Node calls otherwise. */
const GO_NAMES: Readonly<Record<string, string>> = { win32: 'windows', x64: 'amd64', ia32: '386', ppc64: 'ppc64le' };

/** This program's own, as `version` prints it; the fields that only a Go build would have are empty. */
export function clientVersionInfo(): VersionInfo {
  const [, major = '', minor = ''] = /^v(\d+)\.(\d+)/.exec(kubectlVersion) ?? [];
  return {
    major,
    minor,
    gitVersion: `${kubectlVersion}+kube-lite.${kubeLiteVersion}`,
    gitCommit: '',
    gitTreeState: '',
    buildDate: '1970-01-01T00:00:00Z',
    goVersion: '',
    compiler: 'node',
    platform: `${GO_NAMES[os.platform()] ?? os.platform()}/${GO_NAMES[os.arch()] ?? os.arch()}`,
  };
}

/** What the server says at `/version`. Rejects with what the request failed with. */
export async function serverVersionInfo(context: Context): Promise<VersionInfo> {
  const client = await context.client();
  const { body } = await client.request({ method: 'GET', path: '/version', signal: context.signal });
  const given: Readonly<Record<string, unknown>> = isJsonObject(body) ? body : {};
  const facts = VERSION_FACTS.map((name) => [name, textOf(given[name])] as const);
  return Object.fromEntries(
    facts.filter(([name, value]) => value !== '' || !OPTIONAL.test(name)),
  ) as unknown as VersionInfo;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
