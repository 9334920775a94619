import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { carryUnknownFields } from '../../../src/model/protobuf/carry-unknown-fields.ts';
import { decodeProtobuf } from '../../../src/model/protobuf/decode-object.ts';
import { encodeObject } from '../../../src/model/protobuf/encode-object.ts';
import { decodeEnvelope } from '../../../src/model/protobuf/envelope.ts';
import type { KubeObject } from '../../../src/model/kube-object.ts';
import { typeForKind } from '../../../src/model/schema/schema.ts';
import { parseWireJson, wireJsonText } from '../../../src/model/wire-json.ts';
import { type GoldenFiles, goldenFiles } from './golden-package.ts';
import { labeled } from './labeled.ts';
import { plants, withPlants } from './plant-unknown-fields.ts';

/** Kinds that Kubernetes 1.36 has types for and the tables do not, and why. `*` ends a prefix. */
const UNKNOWN: Readonly<Record<string, readonly string[]>> = {
  'is only sent to webhooks, or answered, and never stored': [
    'admission.k8s.io.*',
    'imagepolicy.k8s.io.*',
    'apidiscovery.k8s.io.*',
    'authentication.k8s.io.v1beta1.*',
    'authorization.k8s.io.v1beta1.*',
    'core.v1.PodStatusResult',
    'core.v1.SerializedReference',
    'core.v1.WatchEvent',
  ],
  "is the API server's own record of ports and addresses, which no API serves": ['core.v1.RangeAllocation'],
  'is of a version that is no longer served, and which 1.30 and later never stored': [
    'admissionregistration.k8s.io.v1alpha1.Validating*',
    'admissionregistration.k8s.io.v1beta1.MutatingWebhook*',
    'admissionregistration.k8s.io.v1beta1.Validating*',
    'apps.v1beta*',
    'batch.v1beta1.*',
    'certificates.k8s.io.v1beta1.CertificateSigningRequest',
    'coordination.k8s.io.v1beta1.Lease',
    'discovery.k8s.io.v1beta1.*',
    'events.k8s.io.v1beta1.*',
    'extensions.v1beta1.*',
    'flowcontrol.apiserver.k8s.io.v1beta*',
    'networking.k8s.io.v1beta1.Ingress*',
    'node.k8s.io.v1alpha1.*',
    'node.k8s.io.v1beta1.*',
    'policy.v1beta1.*',
    'rbac.authorization.k8s.io.v1alpha1.*',
    'rbac.authorization.k8s.io.v1beta1.*',
    'scheduling.k8s.io.v1beta1.PriorityClass',
    'storage.k8s.io.v1alpha1.*',
    'storage.k8s.io.v1beta1.*',
  ],
};

const EXACT = 'v1.36.0';
let scratch: string;
let found: GoldenFiles;

beforeAll(async () => {
  scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'kube-lite-golden-'));
  found = await goldenFiles(scratch);
}, 320_000);
afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }));

/** The testdata folder; skips the test, saying why, where there is none. */
function folderOf(context: TestContext): string {
  if ('missing' in found) return context.skip(found.missing);
  return found.folder;
}

interface Golden {
  readonly name: string;
  readonly bytes: Buffer;
  readonly text: string;
}

function goldenIn(folder: string): Golden[] {
  return fs
    .readdirSync(folder)
    .filter((name) => name.endsWith('.pb') && !name.includes('after_roundtrip'))
    .map((file) => ({
      name: file.slice(0, -'.pb'.length),
      bytes: fs.readFileSync(path.join(folder, file)),
      text: fs.readFileSync(path.join(folder, file.replace(/pb$/, 'json')), 'utf8'),
    }));
}

/** The folder of release 1.36: named so by later packages, `HEAD` in the package of 1.36 itself. Skips the test without one. */
function release136(context: TestContext): string {
  const folder = folderOf(context);
  const names = fs.readdirSync(folder).sort();
  if (names.includes(EXACT)) return path.join(folder, EXACT);
  const newest = names.findLast((each) => /^v\d/.test(each));
  if (newest !== 'v1.35.0') return context.skip(`the golden files are of another release than 1.36: after ${newest}`);
  return path.join(folder, 'HEAD');
}

function isKnown({ bytes }: Golden): boolean {
  const { apiVersion, kind } = decodeEnvelope(bytes);
  return kind !== '' && typeForKind(apiVersion, kind) !== undefined;
}

/** Lists, and some kinds that are never stored, have none. */
function hasLabels({ bytes }: Golden): boolean {
  const { apiVersion, kind } = decodeEnvelope(bytes);
  const metadata = typeForKind(apiVersion, kind)?.field('metadata')?.value;
  return metadata?.kind === 'message' && metadata.message.name === 'meta.v1.ObjectMeta';
}

const objectIn = (text: string): KubeObject => parseWireJson(text) as KubeObject;

describe('the golden files of Kubernetes', () => {
  it('of 1.36: decoding equals the JSON, and encoding the bytes, for every kind', (context) => {
    const known = goldenIn(release136(context)).filter(isKnown);
    expect(known.length).toBeGreaterThanOrEqual(105);
    for (const { name, bytes, text } of known) {
      const { object, unknownFields } = decodeProtobuf(bytes);
      expect(unknownFields, name).toEqual([]);
      expect(wireJsonText(object), name).toBe(wireJsonText(objectIn(text)));
      expect(encodeObject(objectIn(text)).equals(bytes), name).toBe(true);
    }
  });

  it('of 1.36: what is not known, at any depth of every kind, is where it was after a change of a label', (context) => {
    const known = goldenIn(release136(context)).filter((each) => isKnown(each) && hasLabels(each));
    const choices = fc.sample(plants, { numRuns: known.length, seed: 20261124 });
    let compared = 0;
    for (const [index, { name, bytes }] of known.entries()) {
      const base = labeled(bytes, '\u{10FFFE}');
      const changed = labeled(base, '\u{10FFFF}');
      const all = choices[index] ?? [];
      expect(carryUnknownFields(withPlants(base, all), changed).equals(withPlants(changed, all, base)), name).toBe(
        true,
      );
      compared += 1;
    }
    expect(compared).toBeGreaterThanOrEqual(80);
  });

  it('of 1.36: every kind that is not known is so for a reason', (context) => {
    const unknown = goldenIn(release136(context)).filter((golden) => !isKnown(golden));
    const patterns = Object.values(UNKNOWN).flat();
    const explained = ({ name }: Golden): boolean =>
      patterns.some((each) => (each.endsWith('*') ? name.startsWith(each.slice(0, -1)) : name === each));
    expect(unknown.filter((golden) => !explained(golden)).map(({ name }) => name)).toEqual([]);
    expect(unknown.length).toBeGreaterThan(0);
  });

  it('of other releases: what is read is all there is, or what is not read is told', (context) => {
    const folder = folderOf(context);
    const others = fs.readdirSync(folder).filter((each) => each !== EXACT && /^(v\d|HEAD)/.test(each));
    let compared = 0;
    for (const golden of others.flatMap((each) => goldenIn(path.join(folder, each)))) {
      if (!isKnown(golden)) continue;
      const { object, unknownFields } = decodeProtobuf(golden.bytes);
      const there = flatFields(objectIn(golden.text));
      const read = flatFields(parseWireJson(wireJsonText(object)));
      const lost = [...there].filter((each) => !read.has(each));
      if (unknownFields.length === 0) expect(lost, golden.name).toEqual([]);
      // Written back, it is read as the same.
      const again = decodeProtobuf(encodeObject(object)).object;
      expect(wireJsonText(again), golden.name).toBe(wireJsonText(object));
      compared++;
    }
    expect(compared).toBeGreaterThan(100);
  });
});

/** Every value that an object has, with its path. */
function flatFields(value: unknown, at = '', into = new Set<string>()): Set<string> {
  if (value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
    for (const [key, each] of Object.entries(value)) flatFields(each, `${at}.${key}`, into);
  } else if (Array.isArray(value)) {
    for (const [index, each] of value.entries()) flatFields(each, `${at}[${index}]`, into);
  } else {
    into.add(`${at}=${wireJsonText(value)}`);
  }
  return into;
}
