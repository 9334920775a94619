import { describe, expect, it } from 'vitest';
import { apiHarness } from '../apiserver/api-harness.ts';
import { startKubectlServer } from './kubectl-server.ts';

function deployment(image: string): string {
  const containers = [
    { name: 'first', image: 'one' },
    { name: 'second', image },
  ];
  const template = { metadata: { labels: { a: 'b' } }, spec: { containers } };
  const spec = { replicas: 1, selector: { matchLabels: { a: 'b' } }, template };
  return JSON.stringify({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd' }, spec });
}

describe('kubectl with the served OpenAPI documents', () => {
  it('applies, and keeps containers that it merges by their names', async () => {
    await using server = await startKubectlServer(apiHarness().handler);
    const apply = async (image: string) => server.kubectl(['apply', '-f', '-'], deployment(image));
    expect(await apply('two')).toEqual({ status: 0, stdout: 'deployment.apps/d created\n', stderr: '' });
    expect((await apply('two')).stdout).toBe('deployment.apps/d unchanged\n');
    expect((await apply('three')).stdout).toBe('deployment.apps/d configured\n');
    const images = await server.kubectl(['get', 'deploy', 'd', '-o', 'jsonpath={..image}']);
    expect(images.stdout).toBe('one three');
    // The patch came from the document of version 3, which was then not sent again.
    expect(server.answered).toContain('GET /openapi/v3/apis/apps/v1 200');
    expect(server.answered).toContain('GET /openapi/v3 304');
    expect(server.answered.filter((line) => line.startsWith('GET /openapi/v3/apis/apps/v1'))).toHaveLength(1);
  }, 30_000);

  it('shows what apply would change', async () => {
    await using server = await startKubectlServer(apiHarness().handler);
    await server.kubectl(['apply', '-f', '-'], deployment('two'));
    const diff = await server.kubectl(['diff', '-f', '-'], deployment('three'));
    expect(diff.status).toBe(1);
    expect(diff.stdout).toContain('-      - image: two\n+      - image: three\n');
  }, 30_000);

  it('explains fields', async () => {
    await using server = await startKubectlServer(apiHarness().handler);
    const { stdout } = await server.kubectl(['explain', 'deployment.spec.strategy']);
    expect(stdout).toContain('GROUP:      apps\nKIND:       Deployment\nVERSION:    v1\n');
    expect(stdout).toContain('  rollingUpdate\t<RollingUpdateDeployment>\n');
    expect(stdout).toContain('  type\t<string>\n  enum: Recreate, RollingUpdate\n');
    const named = await server.kubectl(['explain', 'pod.spec.containers.name']);
    expect(named.stdout).toContain('FIELD: name <string>\n');
    const missing = await server.kubectl(['explain', 'pod.spec.nothing']);
    expect(missing).toMatchObject({ status: 1, stderr: 'error: field "nothing" does not exist\n' });
  }, 30_000);

  it('explains with version 2 in protobuf', async () => {
    await using server = await startKubectlServer(apiHarness().handler);
    const { stdout } = await server.kubectl(['explain', 'service', '--output=plaintext-openapiv2']);
    expect(stdout).toMatch(/^KIND: {5}Service\nVERSION: {2}v1\n/);
    expect(stdout).toContain('   spec\t<Object>\n');
  }, 30_000);

  it('validates: the server an object, and kubectl a List with version 2', async () => {
    await using server = await startKubectlServer(apiHarness().handler);
    const wrong = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, dat: {} };
    const single = await server.kubectl(['create', '-f', '-'], JSON.stringify(wrong));
    expect(single).toMatchObject({ status: 1 });
    expect(single.stderr).toContain('strict decoding error: unknown field "dat"');
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [wrong] });
    const listed = await server.kubectl(['create', '-f', '-'], list);
    expect(listed.status).toBe(1);
    expect(listed.stderr).toContain(
      'ValidationError(ConfigMap): unknown field "dat" in io.k8s.api.core.v1.ConfigMap; if you choose to ignore these errors',
    );
    const warned = await server.kubectl(['create', '--validate=warn', '-f', '-'], JSON.stringify(wrong));
    expect(warned).toEqual({ status: 0, stdout: 'configmap/c created\n', stderr: 'Warning: unknown field "dat"\n' });
  }, 30_000);
});
