import type { PatchType } from '../client/client.ts';
import type { JsonValue } from '../model/json-value.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { UserError } from '../model/user-error.ts';

/** Applies a patch without a server. Throws UserError for a strategic merge patch of a kind whose fields are not known, and PatchError. */
export async function patchObject(object: KubeObject, body: JsonValue, type: PatchType): Promise<KubeObject> {
  const document = object as unknown as JsonValue;
  switch (type) {
    case 'application/json-patch+json': {
      const { applyJsonPatch } = await import('../model/patch/json-patch.ts');
      return applyJsonPatch(document, body) as unknown as KubeObject;
    }
    case 'application/merge-patch+json': {
      const { applyMergePatch } = await import('../model/patch/merge-patch.ts');
      return applyMergePatch(document, body) as unknown as KubeObject;
    }
    case 'application/strategic-merge-patch+json': {
      const [{ applyStrategicMergePatch }, { typeForKind }] = await Promise.all([
        import('../model/patch/strategic-merge-patch.ts'),
        import('../model/schema/schema.ts'),
      ]);
      const schema = typeForKind(object.apiVersion, object.kind);
      if (schema === undefined) {
        throw new UserError(`strategic merge patch is not supported for ${kindText(object)} locally, try --type merge`);
      }
      return applyStrategicMergePatch(document, body, schema) as unknown as KubeObject;
    }
    case 'application/apply-patch+yaml':
      throw new UserError('a server-side apply needs a server');
  }
}

/** A group, version and kind as Go prints them. */
function kindText({ apiVersion, kind }: KubeObject): string {
  return `${apiVersion.includes('/') ? apiVersion : `/${apiVersion}`}, Kind=${kind}`;
}
