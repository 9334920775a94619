import { Chalk } from 'chalk';

/** Colours for what a person looks at; with `level` 0 every text stays as it is. */
export class Painter {
  readonly #chalk: InstanceType<typeof Chalk>;

  constructor(colored: boolean) {
    this.#chalk = new Chalk({ level: colored ? 1 : 0 });
  }

  /** An error text: its first words in red, up to the colon that ends them. */
  error(text: string): string {
    return text.replace(/^(error|Error from server[^:]*|The [^:\n]*)(?=:)/gm, (head) => this.#chalk.red(head));
  }

  warning(text: string): string {
    return text.replace(/^Warning:/gm, (head) => this.#chalk.yellow(head));
  }

  heading(text: string): string {
    return this.#chalk.bold(text);
  }

  /** A cell that says how an object is: good, on its way, or bad. */
  state(text: string): string {
    if (/^(Running|Active|Bound|Ready|Completed|Complete|Available|Succeeded|True)$/.test(text)) {
      return this.#chalk.green(text);
    }
    if (/^(Pending|Terminating|ContainerCreating|PodInitializing|Released|Unknown)$|^Init:/.test(text)) {
      return this.#chalk.yellow(text);
    }
    if (/(Error|BackOff|Failed|Evicted|OOMKilled|NotReady|Lost)/.test(text)) return this.#chalk.red(text);
    return text;
  }
}
