import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { isJsonObject } from '../../model/json-value.ts';
import type { ResourceInfo } from '../../model/schema/resource-info.ts';
import type { DiscoveryCache } from '../discovery-cache.ts';

/** How long an answer is believed, as by kubectl. */
const SIX_HOURS = 6 * 60 * 60 * 1000;
/** Changed with the shape of the document, so that no version reads what another wrote otherwise. */
const FORMAT = 'kube-lite-discovery/v1';
const TEXTS = ['version', 'plural', 'kind'] as const;
const LISTS = ['verbs', 'shortNames', 'categories', 'subresources'] as const;

export interface FileDiscoveryCacheOptions {
  /** kubectl's `--cache-dir`; made with what is above it when it is missing. */
  readonly folder: string;
  readonly server: URL;
  readonly now: () => Date;
}

/**
 * A server's discovery in a file, in the folder in which kubectl (client-go's CachedDiscoveryClient) keeps that server's and
 * under a name that kubectl does not use. A file that is older than six hours, of another server, cut, or not what this
 * wrote counts as none; a folder that cannot be written is no error.
 */
export function fileDiscoveryCache({ folder, server, now }: FileDiscoveryCacheOptions): DiscoveryCache {
  const file = path.join(folder, 'discovery', hostFolder(server), 'kube-lite.json');
  return {
    async read() {
      try {
        const stat = await fs.stat(file);
        // A file from the future tells of a clock that was wrong, not of a fresh answer.
        if (!stat.isFile() || Math.abs(now().getTime() - stat.mtimeMs) >= SIX_HOURS) return undefined;
        return rememberedResources(JSON.parse(await fs.readFile(file, 'utf8')), server);
      } catch {
        return undefined;
      }
    },
    async write(resources) {
      const document = { format: FORMAT, server: server.href, resources };
      await replaceFile(file, `${JSON.stringify(document)}\n`).catch(() => undefined);
    },
  };
}

/** Host, port and path as a folder below `discovery/`, by client-go's rule (computeDiscoverCacheDir). */
function hostFolder({ host, pathname }: URL): string {
  return `${host}${pathname.replace(/[/]+$/, '')}`.replaceAll(/[^\w/.()]/g, '_');
}

function rememberedResources(document: unknown, server: URL): ResourceInfo[] | undefined {
  if (!isJsonObject(document) || document['format'] !== FORMAT || document['server'] !== server.href) return undefined;
  const resources: unknown = document['resources'];
  return Array.isArray(resources) && resources.length > 0 && resources.every(isResourceInfo) ? resources : undefined;
}

function isResourceInfo(value: unknown): value is ResourceInfo {
  if (!isJsonObject(value)) return false;
  const isText = (name: string): boolean => typeof value[name] === 'string';
  return (
    isText('group') &&
    isText('singular') &&
    TEXTS.every((name) => isText(name) && value[name] !== '') &&
    typeof value['namespaced'] === 'boolean' &&
    LISTS.every((name) => isTextList(value[name]))
  );
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

async function replaceFile(file: string, text: string): Promise<void> {
  await fs.mkdir(path.dirname(file), { recursive: true, mode: 0o750 });
  const partial = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    await fs.writeFile(partial, text, { mode: 0o600, flag: 'wx' });
    await fs.rename(partial, file);
  } catch (error) {
    await fs.rm(partial, { force: true });
    throw error;
  }
}
