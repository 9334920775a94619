import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);
const CLIENT_NODE = '@kubernetes/client-node';

/** What KubeConfig imports of the generated API classes. Only makeApiClient uses it, which nobody here calls. */
const NO_API_CLASSES = `
export class ServerConfiguration {}
export function createConfiguration() {
  throw new Error('the generated API classes of ${CLIENT_NODE} are not in this bundle');
}`;

/** KubeConfig takes one class of node-fetch, which Node.js has. */
const NATIVE_HEADERS = 'export const Headers = globalThis.Headers;';

/**
 * Bundles of @kubernetes/client-node its KubeConfig alone: auth providers and exec plugins, without the thousand generated
 * files of its API classes and without node-fetch.
 */
export const clientNodePlugin = {
  name: 'client-node-kubeconfig',
  setup(build) {
    const dist = path.dirname(require.resolve(CLIENT_NODE));
    const config = path.join(dist, 'config.js');
    build.onResolve({ filter: /^@kubernetes\/client-node$/ }, () => ({ path: config }));
    const replace = (filter, contents) => {
      const namespace = `client-node-${filter.source.replaceAll(/\W+/g, '-')}`;
      build.onResolve({ filter }, ({ importer }) =>
        importer.startsWith(dist) ? { path: namespace, namespace } : undefined,
      );
      build.onLoad({ filter: /.*/, namespace }, () => ({ contents, loader: 'js' }));
    };
    replace(/^\.\/gen\/index\.js$/, NO_API_CLASSES);
    replace(/^node-fetch$/, NATIVE_HEADERS);
  },
};
