import fs from 'node:fs';
import { goFileError } from '../../model/go-file-error.ts';
import type { ClusterEntry, UserEntry } from './kubeconfig-entries.ts';
import { parseProxyUrl } from './proxy-url.ts';

/** What is wrong with a cluster, in the words of validateClusterInfo (client-go's tools/clientcmd/validation.go). */
export function clusterProblems(name: string, cluster: ClusterEntry): string[] {
  const problems: string[] = [];
  if (cluster.proxyUrl !== '') {
    const proxy = parseProxyUrl(cluster.proxyUrl);
    if (typeof proxy === 'string') {
      problems.push(
        `invalid 'proxy-url' ${JSON.stringify(cluster.proxyUrl)} for cluster ${JSON.stringify(name)}: ${proxy}`,
      );
    }
  }
  if (cluster.certificateAuthority !== '' && cluster.certificateAuthorityData !== '') {
    problems.push(
      `certificate-authority-data and certificate-authority are both specified for ${name}. certificate-authority-data will override.`,
    );
  }
  return [...problems, ...unreadable('certificate-authority', cluster.certificateAuthority, name)];
}

/** What is wrong with a user, in the words of validateAuthInfo. */
export function userProblems(name: string, user: UserEntry): string[] {
  const methods = [
    ...(user.token === '' ? [] : ['token']),
    ...(user.username === '' && user.password === '' ? [] : ['basicAuth']),
  ];
  const problems = [...certificateProblems(name, user), ...execProblems(name, user)];
  if (methods.length > 1) {
    problems.push(
      `more than one authentication method found for ${name}; found [${methods.join(' ')}], only one is allowed`,
    );
  }
  const { impersonate, impersonateUid, impersonateGroups, impersonateUserExtra } = user;
  const more = impersonateUid !== '' || impersonateGroups.length > 0 || Object.keys(impersonateUserExtra).length > 0;
  if (more && impersonate === '') {
    problems.push(`requesting uid, groups or user-extra for ${name} without impersonating a user`);
  }
  return problems;
}

function certificateProblems(name: string, user: UserEntry): string[] {
  if (user.clientCertificate === '' && user.clientCertificateData === '') return [];
  const problems: string[] = [];
  if (user.clientCertificate !== '' && user.clientCertificateData !== '') {
    problems.push(`client-cert-data and client-cert are both specified for ${name}. client-cert-data will override.`);
  }
  if (user.clientKey !== '' && user.clientKeyData !== '') {
    problems.push(`client-key-data and client-key are both specified for ${name}; client-key-data will override`);
  }
  if (user.clientKey === '' && user.clientKeyData === '') {
    problems.push(
      `client-key-data or client-key must be specified for ${name} to use the clientCert authentication method.`,
    );
  }
  return [
    ...problems,
    ...unreadable('client-cert', user.clientCertificate, name),
    ...unreadable('client-key', user.clientKey, name),
  ];
}

function execProblems(name: string, { exec, authProvider }: UserEntry): string[] {
  if (exec === undefined) return [];
  const problems: string[] = [];
  if (authProvider !== undefined) {
    problems.push(`authProvider cannot be provided in combination with an exec plugin for ${name}`);
  }
  if (!exec['command']) problems.push(`command must be specified for ${name} to use exec authentication plugin`);
  if (!exec['apiVersion']) problems.push(`apiVersion must be specified for ${name} to use exec authentication plugin`);
  return problems;
}

function unreadable(what: string, file: string, name: string): string[] {
  if (file === '') return [];
  try {
    fs.accessSync(file, fs.constants.R_OK);
    return [];
  } catch (error) {
    return [`unable to read ${what} ${file} for ${name} due to ${goFileError('open', file, error)}`];
  }
}
