import { expect, it } from 'vitest';
import type { KubeObject } from '../../../src/model/kube-object.ts';
import { apiHarness } from '../api-harness.ts';

const PATH = '/apis/apps/v1/namespaces/default/statefulsets';

function statefulSet(replicas: number): KubeObject {
  const labels = { app: 'db' };
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'db' },
    spec: {
      replicas,
      serviceName: 'db',
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'db', image: 'postgres:17' }] } },
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
        },
      ],
    },
  };
}

it('shows what its claim templates are, and takes them back as they were', async () => {
  const api = apiHarness();
  const created = await api.send('POST', PATH, statefulSet(1));
  expect(created).toMatchObject({
    spec: { volumeClaimTemplates: [{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', status: { phase: 'Pending' } }] },
  });
  expect((await api.send('PUT', `${PATH}/db?fieldValidation=Strict`, created)).metadata).toEqual(created.metadata);
  expect(await api.send('PUT', `${PATH}/db`, statefulSet(2))).toMatchObject({ spec: { replicas: 2 } });
  const applied = await api.send('PATCH', `${PATH}/db?fieldManager=a&force=true`, statefulSet(3), {
    'content-type': 'application/apply-patch+yaml',
  });
  expect(applied).toMatchObject({ spec: { replicas: 3 }, metadata: { generation: 3 } });
});
