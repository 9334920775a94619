import { createHash } from 'node:crypto';
import type { JsonObject } from '../../model/json-value.ts';
import type { ResourceCatalog } from '../served-resource.ts';
import { groupVersionsOf } from '../discovery/discovery.ts';
import { versionInfo } from '../version-info.ts';
import { type DocumentedResource, documentedResources } from './describe-resources.ts';

/** A document as it is sent. */
export interface OpenApiDocument {
  readonly bytes: Buffer;
  /** Of the document as JSON, whatever it is sent as. */
  readonly etag: string;
}

interface GroupVersion {
  readonly group: string;
  readonly version: string;
}

interface Kept {
  readonly fingerprint: string;
  readonly document: OpenApiDocument;
}

/**
 * A server's OpenAPI documents, each made when it is first asked for and kept until the resources that it is about change.
 */
export class OpenApiDocuments {
  readonly #catalog: ResourceCatalog;
  readonly #kept = new Map<string, Kept>();

  constructor(catalog: ResourceCatalog) {
    this.#catalog = catalog;
  }

  /** `/openapi/v3`: where each group and version has its document, with the document's hash. */
  async index(): Promise<OpenApiDocument> {
    const all = await this.#groupVersions();
    const paths: Record<string, JsonObject> = {};
    for (const each of all) {
      const document = await this.#v3(each, all);
      const path = pathOf(each);
      paths[path] = { serverRelativeURL: versionedUrl(path, document.etag) };
    }
    return documentOf({ paths });
  }

  /** The document of `api/v1` or `apis/G/V`; undefined when there are no such resources. */
  async v3(path: string): Promise<OpenApiDocument | undefined> {
    const all = await this.#groupVersions();
    const found = all.find((each) => pathOf(each) === path);
    return found === undefined ? undefined : this.#v3(found, all);
  }

  /** The document of all resources, in Swagger 2.0. */
  async v2(format: 'json' | 'protobuf'): Promise<OpenApiDocument> {
    const all = await this.#groupVersions();
    const resources = await documentedResources(this.#catalog, () => true);
    const json = await this.#keep('v2 json', resources, async () => {
      const { documentV2 } = await import('./document-v2.ts');
      return documentOf(documentV2(resources, all, gitVersion()));
    });
    if (format === 'json') return json;
    return this.#keep('v2 protobuf', resources, async () => {
      const { documentV2Protobuf } = await import('./document-v2-protobuf.ts');
      const bytes = documentV2Protobuf(JSON.parse(json.bytes.toString('utf8')) as JsonObject);
      return { bytes, etag: json.etag };
    });
  }

  async #v3(wanted: GroupVersion, all: readonly GroupVersion[]): Promise<OpenApiDocument> {
    const { group, version } = wanted;
    const resources = await documentedResources(
      this.#catalog,
      (info) => info.group === group && info.version === version,
    );
    return this.#keep(`v3 ${pathOf(wanted)}`, resources, async () => {
      const { documentV3 } = await import('./document-v3.ts');
      return documentOf(documentV3(resources, all, gitVersion()));
    });
  }

  async #groupVersions(): Promise<GroupVersion[]> {
    const groups = await groupVersionsOf(this.#catalog);
    return groups.flatMap(({ group, versions }) => versions.map((version) => ({ group, version })));
  }

  async #keep(
    key: string,
    resources: readonly DocumentedResource[],
    make: () => Promise<OpenApiDocument>,
  ): Promise<OpenApiDocument> {
    const fingerprint = JSON.stringify(resources);
    const kept = this.#kept.get(key);
    if (kept?.fingerprint === fingerprint) return kept.document;
    const document = await make();
    this.#kept.set(key, { fingerprint, document });
    return document;
  }
}

/** Where a document is, under the hash by which clients keep it. */
export function versionedUrl(path: string, etag: string): string {
  return `/openapi/v3/${path}?hash=${etag}`;
}

function pathOf({ group, version }: GroupVersion): string {
  return group === '' ? `api/${version}` : `apis/${group}/${version}`;
}

function documentOf(document: JsonObject): OpenApiDocument {
  const bytes = Buffer.from(JSON.stringify(document));
  return { bytes, etag: createHash('sha512').update(bytes).digest('hex').toUpperCase() };
}

function gitVersion(): string {
  return versionInfo()['gitVersion'] ?? '';
}
