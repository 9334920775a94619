import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EtcdServer, startEtcd } from '../../peers/etcd-server.ts';
import { run } from '../run-program.ts';

let etcd: EtcdServer;
beforeAll(async () => {
  etcd = await startEtcd();
});
afterAll(async () => etcd.stop());

const MANIFEST = JSON.stringify({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'from-manifest' },
  data: { key: 'välue <&>' },
});

/** Each is run over both transports, on keys of its own, and must answer the same. */
const SCRIPT: readonly { readonly argv: readonly string[]; readonly input?: string }[] = [
  { argv: ['create', 'configmap', 'one', '--from-literal=a=b'] },
  { argv: ['create', 'configmap', 'one', '--from-literal=a=b'] },
  { argv: ['apply', '-f', '-'], input: MANIFEST },
  { argv: ['label', 'configmap', 'one', 'team=web'] },
  { argv: ['patch', 'configmap', 'one', '-p', '{"data":{"a":"c"}}'] },
  { argv: ['get', 'configmap', 'one', '-o', 'jsonpath={.data}'] },
  { argv: ['get', 'configmaps', '-o', 'name'] },
  { argv: ['get', 'configmap', 'none'] },
  { argv: ['delete', 'configmap', 'one'] },
  { argv: ['get', 'configmaps', '-o', 'name'] },
];

describe('kubectl verbs over gRPC and over the JSON gateway', () => {
  it('answer the same', async () => {
    const answers = [];
    for (const transport of ['grpc', 'http']) {
      const env = {
        KUBE_LITE_ETCD_ENDPOINTS: etcd.endpoints.join(','),
        KUBE_LITE_ETCD_PREFIX: `/by-${transport}`,
        KUBE_LITE_ETCD_TRANSPORT: transport,
      };
      const said = [];
      for (const { argv, input = '' } of SCRIPT) said.push({ argv, ...(await run(argv, { env, input })) });
      answers.push(said);
    }
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[1]?.map(({ status }) => status)).toEqual([0, 1, 0, 0, 0, 0, 0, 1, 0, 0]);
  });
});
