import { builtInSteps } from './built-in-steps.ts';
import { defaultConfig } from './default-config.ts';
import type { FileLoader } from './file-loader.ts';
import { generateResource, mergedOptions } from './generator.ts';
import { hashTransformer } from './hash-transformer.ts';
import { COMPONENT_KIND, type Kustomization, readKustomization } from './kustomization.ts';
import { errorText, KustomizeError, UnwrappedError, wrapError } from './kustomize-error.ts';
import { loadConfigurations, loadCrds } from './load-config.ts';
import { nameReferenceTransformer } from './name-reference-transformer.ts';
import {
  addTransformation,
  configuredStepOrigin,
  type Origin,
  originPath,
  setFileOrigin,
  setGeneratedOrigin,
  stepOrigin,
} from './origin.ts';
import { inFile } from './patch-transformer.ts';
import { generatorOf, transformerOf } from './plugin-steps.ts';
import { readResources } from './read-resources.ts';
import { refuseUnsupported } from './refuse-unsupported.ts';
import { ResMap } from './res-map.ts';
import type { Resource } from './resource.ts';
import { emptyConfig, mergeConfigs, type TransformerConfig } from './transformer-config.ts';
import type { Transformer } from './transformer.ts';
import { Vars, varsText } from './vars.ts';

const FILE_NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** What a kustomization, with those below it, comes to. */
export interface Accumulated {
  objects: ResMap;
  config: TransformerConfig;
  vars: Vars;
}

/** What a whole build shares. */
export interface BuildContext {
  /** Gets lines for standard error. */
  readonly warn: (line: string) => void;
  /** `buildMetadata` of the kustomization that the build started at. */
  buildMetadata: readonly string[];
}

/** A kustomization in its folder. */
export class KustomizeTarget {
  readonly kustomization: Kustomization;
  readonly #loader: FileLoader;
  readonly #build: BuildContext;
  readonly #fileName: string;
  /** The folder below the one that the build started at. */
  readonly #folder: string;

  /** Reads the kustomization file. Throws KustomizeError. */
  constructor(loader: FileLoader, build: BuildContext, folder = '') {
    const { name, text } = kustomizationFile(loader);
    this.kustomization = readKustomization(text, loader.root, build.warn);
    this.#loader = loader;
    this.#build = build;
    this.#fileName = name;
    this.#folder = folder;
  }

  /** Throws KustomizeError for what kube-lite does not do. */
  refuseUnsupported(): void {
    refuseUnsupported(this.kustomization, this.#loader, this.#build.warn);
  }

  /** All objects, with hashes behind names, references to names mended and vars resolved. */
  make(): ResMap {
    this.#build.buildMetadata = this.kustomization.buildMetadata ?? [];
    const { objects, config, vars } = this.#accumulate(emptyAccumulated());
    hashTransformer.transform(objects);
    nameReferenceTransformer(config.nameReference).transform(objects);
    vars.resolve(objects, config.varReference, this.#build.warn);
    objects.reset(objects.resources.filter((resource) => !isLocal(resource.annotations.get(LOCAL))));
    return objects;
  }

  #accumulate(into: Accumulated): Accumulated {
    const { kustomization } = this;
    let result = into;
    try {
      for (const path of kustomization.resources ?? []) this.#addResource(result, path);
    } catch (error) {
      throw wrapError(error, 'accumulating resources');
    }
    const loader = this.#loader;
    const configured = mergeConfigs(defaultConfig(), loadConfigurations(kustomization.configurations ?? [], loader));
    result.config = mergeConfigs(result.config, configured);
    result.config = mergeConfigs(result.config, this.#crds());
    this.#generate(result);
    try {
      for (const path of kustomization.components ?? []) result = this.#addComponent(result, path);
    } catch (error) {
      throw wrapError(error, 'accumulating components');
    }
    this.#transform(result.objects, [
      ...this.#own(builtInSteps(kustomization, result.config, loader)),
      ...this.#configuredSteps(),
    ]);
    this.#addVars(result);
    return result;
  }

  #crds(): TransformerConfig {
    const { crds = [] } = this.kustomization;
    try {
      return loadCrds(crds, this.#loader);
    } catch (error) {
      throw wrapError(error, `loading CRDs [${crds.join(' ')}]`);
    }
  }

  #addVars({ vars, objects }: Accumulated): void {
    const entries = this.kustomization.vars ?? [];
    try {
      vars.add(entries, objects);
    } catch (error) {
      throw wrapError(error, `merging vars ${varsText(entries)}`);
    }
  }

  /** A resource is a file when it can be read as one, else the folder of a kustomization. */
  #addResource(into: Accumulated, path: string): void {
    let fileError: unknown;
    try {
      this.#addFile(into, path);
      return;
    } catch (error) {
      if (error instanceof UnwrappedError) throw error;
      fileError = error;
    }
    const asFile = `accumulation err='${errorText(fileError)}'`;
    let below: FileLoader;
    try {
      below = this.#loader.below(path);
    } catch (error) {
      if (errorText(fileError).includes('MalformedYAMLError')) throw fileError;
      throw wrapError(error, asFile);
    }
    try {
      this.#addFolder(into, below, path);
    } catch (error) {
      throw wrapError(error, asFile);
    }
  }

  #addFile(into: Accumulated, path: string): void {
    let resources;
    try {
      const text = this.#loader.text(path);
      try {
        const read = new ResMap();
        read.appendAll(readResources(text));
        resources = read.resources;
      } catch (error) {
        throw inFile(error, path);
      }
    } catch (error) {
      throw wrapError(error, `accumulating resources from '${path}'`);
    }
    if (this.#tracksOrigin) setFileOrigin(resources, originPath(this.#folder, path));
    try {
      into.objects.appendAll(resources);
    } catch (error) {
      throw wrapError(error, `merging resources from '${path}'`);
    }
  }

  #addFolder(into: Accumulated, loader: FileLoader, path: string): void {
    const target = this.#targetOf(loader, path);
    target.refuseUnsupported();
    if (target.kustomization.kind === COMPONENT_KIND) {
      throw new KustomizeError(`expected kind != '${COMPONENT_KIND}' for path '${loader.root}'`);
    }
    mergeInto(into, target.#accumulatedFor(loader, emptyAccumulated()), loader.root);
  }

  /** A component works on what there is already. */
  #addComponent(into: Accumulated, path: string): Accumulated {
    let loader: FileLoader;
    try {
      loader = this.#loader.below(path);
    } catch (error) {
      throw quoted('loader.New', error);
    }
    try {
      const target = this.#targetOf(loader, path);
      target.refuseUnsupported();
      const { kind } = target.kustomization;
      if (kind !== COMPONENT_KIND) {
        throw new KustomizeError(`expected kind '${COMPONENT_KIND}' for path '${loader.root}' but got '${kind}'`);
      }
      const result = emptyAccumulated();
      mergeInto(result, target.#accumulatedFor(loader, into), loader.root);
      return result;
    } catch (error) {
      throw quoted('accumulateDirectory:', error);
    }
  }

  #targetOf(loader: FileLoader, path: string): KustomizeTarget {
    try {
      return new KustomizeTarget(loader, this.#build, originPath(this.#folder, path));
    } catch (error) {
      throw wrapError(error, `couldn't make target for path '${loader.root}'`);
    }
  }

  #accumulatedFor({ root }: FileLoader, into: Accumulated): Accumulated {
    try {
      return this.#accumulate(into);
    } catch (error) {
      throw wrapError(error, `recursed accumulation of path '${root}'`);
    }
  }

  get #tracksOrigin(): boolean {
    return this.#build.buildMetadata.length > 0;
  }

  #generate({ objects }: Accumulated): void {
    for (const { what, make, origin } of [...this.#ownGenerators(), ...this.#configuredGenerators()]) {
      const resource = make();
      if (origin !== undefined) setGeneratedOrigin(resource, origin);
      try {
        objects.absorb(resource);
      } catch (error) {
        throw wrapError(error, `merging from generator ${what}`);
      }
    }
  }

  #ownGenerators(): Generating[] {
    const { configMapGenerator = [], secretGenerator = [], generatorOptions } = this.kustomization;
    const all = [
      ...configMapGenerator.map((args) => ({ kind: 'ConfigMap' as const, args })),
      ...secretGenerator.map((args) => ({ kind: 'Secret' as const, args })),
    ];
    return all.map(({ kind, args }) => {
      const options = mergedOptions(args.options, generatorOptions);
      return {
        what: `${kind}Generator ${args.name ?? ''}`,
        make: () => generateResource(kind, options === undefined ? args : { ...args, options }, this.#loader),
        origin: this.#stepOrigin(`${kind}Generator`),
      };
    });
  }

  #configuredGenerators(): Generating[] {
    try {
      return this.#stepObjects(this.kustomization.generators ?? [], 'generator').map((step) => {
        try {
          const make = generatorOf(step, this.#loader);
          return { what: `${step.kind} ${step.name}`, make, origin: configuredStepOrigin(step) };
        } catch (error) {
          throw wrapError(error, 'failed to load generator');
        }
      });
    } catch (error) {
      throw wrapError(error, 'loading generator plugins');
    }
  }

  #configuredSteps(): Step[] {
    return this.#stepObjects(this.kustomization.transformers ?? [], 'transformer').map((object) => ({
      transformer: transformerOf(object, this.#loader),
      origin: configuredStepOrigin(object),
    }));
  }

  /** The objects that configure steps: each entry is their text, or the path of a file or a kustomization with them. */
  #stepObjects(entries: readonly string[], what: string): readonly Resource[] {
    const into = emptyAccumulated();
    const paths = entries.filter((entry) => {
      let inline: readonly Resource[];
      try {
        inline = readResources(entry);
      } catch {
        return true;
      }
      if (this.#tracksOrigin) setFileOrigin(inline, originPath(this.#folder, this.#fileName));
      try {
        into.objects.appendAll(inline);
      } catch (error) {
        throw wrapError(error, `configuring external ${what}`);
      }
      return false;
    });
    for (const path of paths) this.#addResource(into, path);
    return into.objects.resources;
  }

  #own(transformers: readonly Transformer[]): Step[] {
    return transformers.map((transformer) => ({ transformer, origin: this.#stepOrigin(transformer.kind) }));
  }

  #stepOrigin(kind: string): Origin | undefined {
    return this.#tracksOrigin ? stepOrigin(this.#folder, this.#fileName, kind) : undefined;
  }

  #transform(objects: ResMap, steps: readonly Step[]): void {
    for (const { transformer, origin } of steps) {
      transformer.transform(objects);
      if (origin !== undefined) addTransformation(objects.resources, origin);
      objects.changed();
    }
  }
}

/** A step, and where it is asked for when that is told. */
interface Step {
  readonly transformer: Transformer;
  readonly origin: Origin | undefined;
}

interface Generating {
  /** As errors name it. */
  readonly what: string;
  readonly make: () => Resource;
  readonly origin: Origin | undefined;
}

const LOCAL = 'config.kubernetes.io/local-config';

function isLocal(value: string | undefined): boolean {
  return value !== undefined && value !== 'false';
}

function emptyAccumulated(): Accumulated {
  return { objects: new ResMap(), config: emptyConfig(), vars: new Vars() };
}

function mergeInto(into: Accumulated, from: Accumulated, root: string): void {
  try {
    into.objects.appendAll(from.objects.resources);
    into.config = mergeConfigs(into.config, from.config);
    into.vars.addAll(from.vars);
  } catch (error) {
    throw wrapError(error, `recursed merging from path '${root}'`);
  }
}

/** As Go's `%q` of an error. */
function quoted(prefix: string, error: unknown): Error {
  if (error instanceof UnwrappedError) return error;
  return new KustomizeError(`${prefix} ${JSON.stringify(errorText(error))}`);
}

function kustomizationFile(loader: FileLoader): { name: string; text: string } {
  const found: { name: string; text: string }[] = [];
  for (const name of FILE_NAMES) {
    try {
      found.push({ name, text: loader.text(name) });
    } catch {
      // Another name may be there.
    }
  }
  const [first] = found;
  if (first === undefined) {
    throw new KustomizeError(
      `unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '${loader.root}'`,
    );
  }
  if (found.length > 1) throw new KustomizeError(`Found multiple kustomization files under: ${loader.root}\n`);
  return first;
}
