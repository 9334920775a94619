import { kubeLiteVersion, kubernetesVersion } from '../model/version.ts';

/** What `/version` answers: the Kubernetes whose behaviour is followed, marked as kube-lite's. */
export function versionInfo(): Record<string, string> {
  const [major = '', minor = ''] = kubernetesVersion.slice(1).split('.');
  return {
    major,
    minor,
    emulationMajor: major,
    emulationMinor: minor,
    minCompatibilityMajor: major,
    minCompatibilityMinor: minor,
    gitVersion: `${kubernetesVersion}+kube-lite.${kubeLiteVersion}`,
    gitCommit: '',
    gitTreeState: '',
    buildDate: '1970-01-01T00:00:00Z',
    goVersion: '',
    compiler: 'node',
    platform: `kube-lite/${kubeLiteVersion}`,
  };
}
