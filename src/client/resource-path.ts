import { UserError } from '../model/user-error.ts';
import type { ResourceScope } from './client.ts';

/**
 * The API path of a collection, or of one object when `name` is given. Throws UserError for a name or namespace that
 * cannot be a path segment, in client-go's words.
 */
export function resourcePath(scope: ResourceScope, name?: string): string {
  const { group, version, plural, namespaced } = scope.resource;
  const segments = group === '' ? ['api', version] : ['apis', group, version];
  if (namespaced && scope.namespace !== undefined && scope.namespace !== '') {
    checkSegment('namespace', scope.namespace);
    segments.push('namespaces', scope.namespace);
  }
  segments.push(plural);
  if (name !== undefined) {
    if (name === '') throw new UserError('resource name may not be empty');
    checkSegment('resource name', name);
    segments.push(name);
  }
  if (scope.subresource !== undefined) segments.push(...scope.subresource.split('/'));
  return `/${segments.map(encodeURIComponent).join('/')}`;
}

function checkSegment(what: string, text: string): void {
  const problems =
    text === '.' || text === '..'
      ? [`may not be '${text}'`]
      : ['/', '%'].filter((each) => text.includes(each)).map((each) => `may not contain '${each}'`);
  if (problems.length > 0) throw new UserError(`invalid ${what} ${JSON.stringify(text)}: [${problems.join(' ')}]`);
}
