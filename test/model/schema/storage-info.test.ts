import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { builtInResources } from '../../../src/model/schema/built-in-resources.ts';
import { customStorageInfo, storageInfo } from '../../../src/model/schema/storage-info.ts';

interface StoredObject {
  group: string;
  resource: string;
  namespaced: boolean;
  object: { metadata: { name: string; namespace?: string } };
  key: string;
  value: string;
}

const stored: StoredObject[] = JSON.parse(
  readFileSync(new URL('../../../fixtures/reference/stored-objects.json', import.meta.url), 'utf8'),
);

/** The apiVersion that stands in stored bytes: the first string of a protobuf envelope, or JSON's own. */
function storedApiVersion(bytes: Buffer): { encoding: string; apiVersion: string } {
  if (bytes.subarray(0, 4).toString('latin1') !== 'k8s\0') {
    const object: { apiVersion: string } = JSON.parse(bytes.toString());
    return { encoding: 'json', apiVersion: object.apiVersion };
  }
  return { encoding: 'protobuf', apiVersion: bytes.subarray(8, 8 + (bytes[7] ?? 0)).toString() };
}

describe('storageInfo', () => {
  it('says where and how a real server stored an object', () => {
    expect(stored.length).toBe(41);
    for (const { group, resource, object, key, value } of stored) {
      const info = storageInfo({ group, plural: resource });
      const { name, namespace } = object.metadata;
      const path = namespace === undefined ? name : `${namespace}/${name}`;
      expect(`/registry/${info?.path}/${path}`).toBe(key);
      const { encoding, apiVersion } = storedApiVersion(Buffer.from(value, 'base64'));
      expect(info, resource).toMatchObject({ encoding, apiVersion });
    }
  });

  it('is known for every resource that can be listed, componentstatuses apart, and no other', () => {
    for (const resource of builtInResources()) {
      const listed = resource.verbs.includes('list') && resource.plural !== 'componentstatuses';
      expect(storageInfo(resource) !== undefined, resource.plural).toBe(listed);
    }
  });

  it('puts replication controllers where they have always been', () => {
    expect(storageInfo({ group: '', plural: 'replicationcontrollers' })?.path).toBe('controllers');
    expect(storageInfo({ group: 'autoscaling', plural: 'horizontalpodautoscalers' })?.apiVersion).toBe(
      'autoscaling/v2',
    );
  });
});

describe('customStorageInfo', () => {
  it('names group and plural, and stores JSON', () => {
    expect(customStorageInfo({ group: 'stable.example.com', plural: 'crontabs' }, 'v1')).toEqual({
      path: 'stable.example.com/crontabs',
      apiVersion: 'stable.example.com/v1',
      encoding: 'json',
    });
  });
});
