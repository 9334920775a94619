/** Paths as apimachinery's field.Path prints them; '' is the object itself, which errors name `<nil>`. */

export function childPath(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

export function indexPath(path: string, index: number): string {
  return `${path}[${index}]`;
}

export function keyPath(path: string, key: string): string {
  return `${path}[${key}]`;
}

/** How an error names a path. */
export function errorPath(path: string): string {
  return path === '' ? '<nil>' : path;
}
