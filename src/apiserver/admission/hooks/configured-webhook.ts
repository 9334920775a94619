import type { KubeObject } from '../../../model/kube-object.ts';
import { type Fields, objectsIn, textIn } from '../../kinds/fields.ts';
import type { MatchConditions } from './match-conditions.ts';

/** A webhook of a stored configuration. */
export interface ConfiguredWebhook {
  readonly name: string;
  /** Its name in its configuration, with which one can be told to run again. */
  readonly key: string;
  readonly spec: Fields;
  /** Undefined when it has none. */
  readonly conditions: MatchConditions | undefined;
}

/** The webhooks of configurations, in the order in which they are called: by the names of their configurations. */
export async function configuredWebhooks(
  configurations: readonly KubeObject[],
  compile: (owner: Fields, configuration: KubeObject) => Promise<MatchConditions>,
): Promise<ConfiguredWebhook[]> {
  const webhooks: ConfiguredWebhook[] = [];
  for (const configuration of configurations) {
    for (const spec of objectsIn(configuration, 'webhooks')) {
      const name = textIn(spec, 'name');
      const has = objectsIn(spec, 'matchConditions').length > 0;
      const conditions = has ? await compile(spec, configuration) : undefined;
      webhooks.push({ name, key: `${configuration.metadata.name ?? ''}/${name}`, spec, conditions });
    }
  }
  return webhooks;
}
