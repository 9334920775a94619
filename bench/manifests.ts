import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

function configMap(number: number): string {
  return `apiVersion: v1
kind: ConfigMap
metadata:
  name: cm-${number}
  labels:
    app: bench
data:
  number: "${number}"
  text: |
    first line of ${number}
    second line
`;
}

function pod(number: number): string {
  return `apiVersion: v1
kind: Pod
metadata:
  name: pod-${number}
  labels:
    app: web-${number % 10}
spec:
  containers:
  - name: main
    image: nginx:1.27
    ports:
    - containerPort: 80
    resources:
      requests:
        cpu: 100m
        memory: 64Mi
`;
}

function documents(count: number, make: (number: number) => string): string {
  return Array.from({ length: count }, (_, number) => make(number)).join('---\n');
}

/** Writes one file with so many ConfigMaps, all with the label app=bench. */
export function writeConfigMaps(file: string, count: number): string {
  writeFileSync(file, documents(count, configMap));
  return file;
}

/** Writes one file with so many pods. */
export function writePods(file: string, count: number): string {
  writeFileSync(file, documents(count, pod));
  return file;
}

/** Writes a folder of `files` files with `each` ConfigMaps. */
export function writeFolder(folder: string, files: number, each: number): string {
  mkdirSync(folder, { recursive: true });
  for (let file = 0; file < files; file++) {
    const text = documents(each, (number) => configMap(file * each + number));
    writeFileSync(join(folder, `${String(file).padStart(3, '0')}.yaml`), text);
  }
  return folder;
}
