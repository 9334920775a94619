/** Whether a path is the URL of a file. */
export function isRemoteFile(path: string): boolean {
  return /^https?:/i.test(path);
}

/**
 * Whether a path names a folder of a Git repository, as kustomize understands it: a URL with a repository in it,
 * `user@host:path`, or GitHub without a scheme.
 */
export function isRemoteFolder(path: string): boolean {
  const rest = path.replace(/^git::/i, '');
  const [, scheme, afterScheme = rest] = /^(ssh:\/\/|https?:\/\/|file:\/\/)(.*)$/is.exec(rest) ?? [];
  const [, user, afterUser = afterScheme] = /^([a-zA-Z][a-zA-Z0-9-]*@)(.*)$/s.exec(afterScheme) ?? [];
  const isGithub = /^github\.com[/:]/i.test(afterUser);
  if (scheme === undefined && user === undefined && !isGithub) return false;
  if (scheme?.toLowerCase() === 'file://') return true;
  const withoutQuery = afterUser.replace(/\?.*$/s, '');
  const end = /[/:]/.exec(withoutQuery);
  const repository = end === null ? '' : withoutQuery.slice(end.index + 1);
  return /_git\/|\/\/|\.git/.test(repository) || repository.split('/').length >= 2;
}
