/** What `describe` was asked for. */
export interface DescribeOptions {
  readonly args: readonly string[];
  readonly filenames: readonly string[];
  readonly kustomize?: string;
  readonly recursive: boolean;
  readonly labelSelector?: string;
  readonly allNamespaces: boolean;
  readonly chunkSize: number;
  readonly showEvents: boolean;
}
