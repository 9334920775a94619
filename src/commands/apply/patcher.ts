import { setTimeout as sleep } from 'node:timers/promises';
import type { ResourceClient, WriteOptions } from '../../client/client.ts';
import { compactJson } from '../../model/json-printer.ts';
import type { JsonObject } from '../../model/json-value.ts';
import { isJsonObject } from '../../model/json-value.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { StatusError } from '../../model/status.ts';
import { scopeOf } from '../collection-pages.ts';
import type { Context } from '../context.ts';
import type { NamedTarget } from '../target.ts';
import { targetText } from '../target-text.ts';
import { withSource } from '../with-source.ts';
import { createApplyPatch } from './apply-patch.ts';
import { type ForceOptions, replaceByForce } from './replace-by-force.ts';

/** How often a patch that met a concurrent change is made anew. */
const MOST_RETRIES = 5;
const RETRY_MILLISECONDS = 1000;

export interface PatcherOptions {
  readonly target: NamedTarget;
  readonly client: ResourceClient;
  readonly write: WriteOptions;
  readonly overwrite: boolean;
  /** Whether to print the warnings that kubectl prints when its schemas from a server cannot make the patch. */
  readonly warnAsOpenApi: boolean;
  /** Deletes and creates the object when it cannot be patched. */
  readonly force?: ForceOptions;
  /** The version that the patch is for: the server refuses it for another one. */
  readonly resourceVersion?: string;
  readonly context: Context;
}

export interface Patched {
  readonly object: KubeObject;
  readonly changed: boolean;
}

/** Brings one object to its manifest, as kubectl's Patcher does: a new patch after a conflict, and by force when asked to. */
export class Patcher {
  readonly #options: PatcherOptions;
  /** The last patch that was made, for errors. */
  #patch: JsonObject | undefined;

  constructor(options: PatcherOptions) {
    this.#options = options;
  }

  /** Changes `current` to `modified`. Throws what the server said, worded as kubectl's and with the manifest's name. */
  async patch(current: KubeObject, modified: KubeObject): Promise<Patched> {
    try {
      return await this.#patchOrForce(current, modified);
    } catch (error) {
      const patch = this.#patch === undefined ? '' : compactJson(this.#patch, { sortKeys: true });
      throw withSource(
        `applying patch:\n${patch}\nto:\n${targetText(this.#options.target)}\nfor:`,
        this.#source,
        error,
      );
    }
  }

  /** The same without saying which patch it was that failed. */
  async patchPlain(current: KubeObject, modified: KubeObject): Promise<KubeObject> {
    return (await this.#patchOrForce(current, modified)).object;
  }

  get #source(): string {
    return this.#options.target.manifest?.source ?? '';
  }

  async #patchOrForce(current: KubeObject, modified: KubeObject): Promise<Patched> {
    const { force, context, target, client, write } = this.#options;
    try {
      return await this.#patchWithRetries(current, modified);
    } catch (error) {
      const replaceable = error instanceof StatusError && (error.reason === 'Conflict' || error.reason === 'Invalid');
      if (force === undefined || !replaceable) throw withSource('patching', this.#source, error);
      this.#patch = modified as JsonObject;
      return {
        object: await replaceByForce({ target, client, write, current, modified }, force, context),
        changed: true,
      };
    }
  }

  async #patchWithRetries(current: KubeObject, modified: KubeObject): Promise<Patched> {
    const { client, target, context } = this.#options;
    let live = current;
    for (let tries = 0; ; tries++) {
      try {
        return await this.#patchOnce(live, modified);
      } catch (error) {
        if (!(error instanceof StatusError) || error.reason !== 'Conflict' || tries === MOST_RETRIES) throw error;
      }
      if (tries > 0) await sleep(RETRY_MILLISECONDS, undefined, { signal: context.signal });
      live = await client.get(scopeOf(target), target.name, { signal: context.signal });
    }
  }

  async #patchOnce(current: KubeObject, modified: KubeObject): Promise<Patched> {
    const { client, target, overwrite, write, resourceVersion } = this.#options;
    this.#patch = undefined;
    const onSchemaFailure = (message: string): void => this.#warnOfSchemas(message);
    const { type, body } = createApplyPatch(current, modified, { overwrite, onSchemaFailure });
    if (Object.keys(body).length === 0) {
      this.#patch = body;
      return { object: current, changed: false };
    }
    const patch = resourceVersion === undefined ? body : withResourceVersion(body, resourceVersion);
    this.#patch = patch;
    return { object: await client.patch(scopeOf(target), target.name, { type, body: patch }, write), changed: true };
  }

  #warnOfSchemas(message: string): void {
    const { warnAsOpenApi, context } = this.#options;
    if (!warnAsOpenApi) return;
    for (const schemas of ['openapi v3 spec', 'openapi spec']) {
      context.streams.err.write(`warning: error calculating patch from ${schemas}: ${message}\n`);
    }
  }
}

function withResourceVersion(patch: JsonObject, resourceVersion: string): JsonObject {
  const { metadata } = patch;
  return { ...patch, metadata: { ...(isJsonObject(metadata) ? metadata : {}), resourceVersion } };
}
