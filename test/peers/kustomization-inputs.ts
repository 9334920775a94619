import fc from 'fast-check';
import { printYaml } from '../../src/model/yaml-printer.ts';
import { someFields } from './kustomization-features.ts';
import { type Json, objects } from './kustomization-objects.ts';

/** The files of a kustomization by their paths; the build starts at `overlay`. */
export type Tree = Readonly<Record<string, string>>;

const DATA = { 'data.txt': 'one\ntwo\n', 'data.env': '# comment\nE=1\nF\n', 'data.bin': '\u00ff\u00fe' };

function kustomization(folder: string, content: Json): Tree {
  const files = Object.entries(DATA).map(([file, content_]): [string, string] => [`${folder}/${file}`, content_]);
  return { ...Object.fromEntries(files), [`${folder}/kustomization.yaml`]: printYaml(content) };
}

/** An overlay over a base, at times with a component between them. */
export const trees: fc.Arbitrary<Tree> = objects.chain((all) => {
  const present = all.map((each) => {
    const { kind, metadata } = each as { kind: string; metadata: { name: string } };
    return { kind, name: metadata.name };
  });
  return fc
    .record({
      base: someFields('b', present),
      overlay: someFields('o', present),
      component: fc.option(someFields('c', present), { nil: undefined, freq: 2 }),
    })
    .map(({ base, overlay, component }) => ({
      ...kustomization('base', { resources: ['all.yaml'], ...base }),
      'base/all.yaml': all.map((each) => printYaml(each)).join('---\n'),
      ...kustomization('overlay', {
        resources: ['../base'],
        ...(component === undefined ? {} : { components: ['../component'] }),
        ...overlay,
      }),
      ...(component === undefined
        ? {}
        : kustomization('component', {
            apiVersion: 'kustomize.config.k8s.io/v1alpha1',
            kind: 'Component',
            ...component,
          })),
    }));
});
