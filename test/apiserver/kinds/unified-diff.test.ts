import { describe, expect, it } from 'vitest';
import { internalClaimSpec } from '../../../src/apiserver/kinds/core/internal-claim-spec.ts';
import { unifiedDiff } from '../../../src/apiserver/kinds/unified-diff.ts';

const claim = {
  accessModes: ['ReadWriteMany'],
  resources: { requests: { storage: '1Gi' } },
  storageClassName: 'slow',
  volumeMode: 'Filesystem',
};
const diff = (change: Record<string, unknown>): string =>
  unifiedDiff(internalClaimSpec(claim), internalClaimSpec({ ...claim, ...change }));

describe('the difference of two specs', () => {
  it('is told as kubectl users see it of a claim', () => {
    expect(diff({ accessModes: ['ReadWriteOnce'] })).toBe(
      '@@ -1,6 +1,6 @@\n {\n  "AccessModes": [\n-  "ReadWriteMany"\n+  "ReadWriteOnce"\n  ],\n  "Selector": null,\n  "Resources": {\n',
    );
    expect(diff({ storageClassName: 'fast' })).toBe(
      '@@ -10,7 +10,7 @@\n   }\n  },\n  "VolumeName": "",\n- "StorageClassName": "slow",\n+ "StorageClassName": "fast",\n  "VolumeMode": "Filesystem",\n  "DataSource": null,\n  "DataSourceRef": null,\n',
    );
  });

  it('has a part for each change that is far from others, and adds and removes lines', () => {
    expect(diff({ accessModes: ['ReadWriteMany', 'ReadOnlyMany'], volumeMode: 'Block' })).toBe(
      '@@ -1,6 +1,7 @@\n {\n  "AccessModes": [\n-  "ReadWriteMany"\n+  "ReadWriteMany",\n+  "ReadOnlyMany"\n  ],\n  "Selector": null,\n  "Resources": {\n@@ -11,7 +12,7 @@\n  },\n  "VolumeName": "",\n  "StorageClassName": "slow",\n- "VolumeMode": "Filesystem",\n+ "VolumeMode": "Block",\n  "DataSource": null,\n  "DataSourceRef": null,\n  "VolumeAttributesClassName": null\n',
    );
  });

  it('escapes as Go does, and says nothing of what is the same', () => {
    expect(unifiedDiff({ a: '<' }, { a: '&>' })).toBe(
      '@@ -1,3 +1,3 @@\n {\n- "a": "\\u003c"\n+ "a": "\\u0026\\u003e"\n }\n',
    );
    expect(unifiedDiff(claim, { ...claim })).toBe('');
  });
});
