import type { CommandRow } from '../command-row.ts';

/** What works on the containers of pods, through their kubelets. */
export const podCommands: readonly CommandRow[] = [
  {
    name: 'logs',
    summary: 'Print the logs of containers',
    section: 'Troubleshooting and Debugging Commands:',
    load: async () => (await import('./logs.ts')).logs,
  },
  {
    name: 'attach',
    summary: 'Attach to a running container',
    section: 'Troubleshooting and Debugging Commands:',
    load: async () => (await import('./attach.ts')).attach,
  },
  {
    name: 'exec',
    summary: 'Execute a command in a container',
    section: 'Troubleshooting and Debugging Commands:',
    load: async () => (await import('./exec.ts')).exec,
  },
  {
    name: 'port-forward',
    summary: 'Forward local ports to a pod',
    section: 'Troubleshooting and Debugging Commands:',
    load: async () => (await import('./port-forward.ts')).portForward,
  },
  {
    name: 'cp',
    summary: 'Copy files to and from containers',
    section: 'Troubleshooting and Debugging Commands:',
    load: async () => (await import('./cp/cp.ts')).cp,
  },
  {
    name: 'debug',
    summary: 'Make a container to look into a pod or node with',
    section: 'Troubleshooting and Debugging Commands:',
    load: async () => (await import('../debug/debug.ts')).debug,
  },
  {
    name: 'proxy',
    summary: 'Serve the API over plain HTTP for this machine',
    section: 'Troubleshooting and Debugging Commands:',
    load: async () => (await import('../proxy/proxy.ts')).proxy,
  },
];
