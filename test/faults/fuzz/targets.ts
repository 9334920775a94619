import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BboltFile } from '../../../src/etcd/bbolt/bbolt-file.ts';
import { checkFile } from '../../../src/etcd/bbolt/check-file.ts';
import { resolveKey } from '../../../src/etcd/resolve-key.ts';
import { GoTemplate } from '../../../src/model/go-template/go-template.ts';
import type { JsonValue } from '../../../src/model/json-value.ts';
import type { KubeList } from '../../../src/model/kube-object.ts';
import { parseJsonPath } from '../../../src/model/jsonpath/json-path.ts';
import { applyJsonPatch } from '../../../src/model/patch/json-patch.ts';
import { applyMergePatch } from '../../../src/model/patch/merge-patch.ts';
import { applyStrategicMergePatch } from '../../../src/model/patch/strategic-merge-patch.ts';
import { protobufCodec } from '../../../src/model/protobuf/protobuf-codec.ts';
import { typeForKind } from '../../../src/model/schema/schema.ts';
import { parseFieldSelector } from '../../../src/model/selectors/field-selector.ts';
import {
  labelSelectorMatches,
  labelSelectorText,
  parseLabelSelector,
} from '../../../src/model/selectors/label-selector.ts';
import { parseYamlDocuments } from '../../../src/model/yaml-documents.ts';
import type { SeededRandom } from '../seeded-random.ts';
import {
  buildOne,
  printIn,
  readEncryptionConfiguration,
  readGatewayAnswer,
  readKubeconfig,
} from './document-targets.ts';
import { mutateBytes, mutateText } from './mutate.ts';
import { applyTwice, defineAndWrite } from './server-targets.ts';

/** Something that reads what others wrote. */
export interface Target {
  readonly name: string;
  readonly seeds: readonly Buffer[];
  mutate(seed: Buffer, other: Buffer, random: SeededRandom): Buffer;
  /** Throws what a person is told, and nothing else. */
  run(input: Buffer): void | Promise<void>;
}

/** Where files are: the repository, and a folder for files that a target needs. */
export interface Places {
  readonly fixtures: string;
  readonly scratch: string;
  /** A small database of etcd. */
  readonly database: Buffer;
}

export function fuzzTargets({ fixtures, scratch, database }: Places): Target[] {
  const text = (name: string, run: (input: string) => void | Promise<void>): Target => ({
    name,
    seeds: (JSON.parse(readFileSync(join(fixtures, `${name}.json`), 'utf8')) as string[]).map((seed) =>
      Buffer.from(seed),
    ),
    mutate: (seed, other, random) => Buffer.from(mutateText(seed.toString(), other.toString(), random)),
    run: (input) => run(input.toString()),
  });
  const pod = JSON.parse(
    (JSON.parse(readFileSync(join(fixtures, 'json.json'), 'utf8')) as string[])[0] ?? '',
  ) as JsonValue;
  const data: JsonValue = { items: [pod, pod], a: 1, b: null, c: 'x' };
  const list = { apiVersion: 'v1', kind: 'List', metadata: {}, items: [pod, pod] } as unknown as KubeList;
  const type = typeForKind('v1', 'Pod');
  if (type === undefined) throw new Error('there is no Pod');
  /** What is no JSON never reaches a patch. */
  const patch = (name: string, apply: (value: JsonValue) => void): Target =>
    text(name, (input) => {
      const parsed = parseJson(input);
      if (parsed !== undefined) apply(parsed);
    });
  return [
    text('yaml', (input) => void parseYamlDocuments(input, 'fuzz')),
    text('json', (input) => void parseYamlDocuments(input, 'fuzz')),
    text('jsonpath', (input) => void parseJsonPath(input).evaluate(data)),
    text('go-template', (input) =>
      new GoTemplate('fuzz', input).execute(data, { allowMissingKeys: true }, () => undefined),
    ),
    patch('json-patch', (value) => void applyJsonPatch(pod, value)),
    patch('merge-patch', (value) => void applyMergePatch(pod, value)),
    patch('strategic-patch', (value) => void applyStrategicMergePatch(pod, value, type)),
    text('label-selector', (input) => {
      const selector = parseLabelSelector(input);
      labelSelectorMatches(selector, { a: 'b' });
      labelSelectorText(selector);
    }),
    text('field-selector', (input) => void parseFieldSelector(input)),
    text('key', (input) => void resolveKey(input, { prefix: '/registry', asPrefix: false })),
    text('encryption-configuration', readEncryptionConfiguration),
    text('kubeconfig', readKubeconfig),
    text('gateway-json', readGatewayAnswer),
    text('kustomization', buildOne),
    text('print-format', (input) => printIn(input, list)),
    text('server-side-apply', applyTwice),
    text('custom-resource', defineAndWrite),
    {
      name: 'protobuf',
      seeds: protobufSeeds(fixtures),
      mutate: (seed, _, random) => mutateBytes(seed, random),
      run: (input) => {
        protobufCodec.encode(protobufCodec.decode(input).object);
      },
    },
    {
      name: 'bbolt',
      seeds: [database],
      mutate: (seed, _, random) => mutateBytes(seed, random, random.below(8) > 0),
      run: async (input) => readDatabase(join(scratch, 'fuzz.db'), input),
    },
  ];
}

function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

/** Stored bytes as a real API server wrote them. */
function protobufSeeds(fixtures: string): Buffer[] {
  const file = join(fixtures, '..', 'reference', 'stored-objects.json');
  const found = readFileSync(file, 'utf8').match(/azhzA[A-Za-z0-9+/=]+/g) ?? [];
  return found.map((each) => Buffer.from(each, 'base64'));
}

async function readDatabase(path: string, bytes: Buffer): Promise<void> {
  writeFileSync(path, bytes);
  const file = BboltFile.open(path);
  try {
    await checkFile(file);
  } finally {
    file.close();
  }
}
