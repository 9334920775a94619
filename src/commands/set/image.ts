import { UserError } from '../../model/user-error.ts';
import { changeWords } from '../change-words.ts';
import { type Command, defineCommand, type Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { podSpecOf } from '../pod-spec.ts';
import { namesNoFiles } from '../target-request.ts';
import { selectingSetFlags, setOptions } from './set-flags.ts';
import { setObjects, type SetOptions } from './set-objects.ts';
import { objectsIn } from '../objects-in.ts';

interface ImageOptions extends SetOptions {
  /** By container name; `*` for all. */
  readonly images: ReadonlyMap<string, string>;
}

/** `set image`: sets the images of containers. */
export const setImage: Command = defineCommand<ImageOptions>({
  use: 'image (-f FILENAME | TYPE NAME) CONTAINER_NAME_1=CONTAINER_IMAGE_1 ... CONTAINER_NAME_N=CONTAINER_IMAGE_N',
  description: `Set the images of containers in pods and in objects with a pod template.

 * stands for all containers.`,
  examples: [
    {
      comment: 'The images of two containers',
      command: 'kubectl set image deployment/nginx busybox=busybox nginx=nginx:1.9.1',
    },
    {
      comment: 'The image of a container in all deployments and replication controllers',
      command: 'kubectl set image deployments,rc nginx=nginx:1.9.1 --all',
    },
    {
      comment: 'The image of every container of a daemon set',
      command: 'kubectl set image daemonset abc *=nginx:1.9.1',
    },
    {
      comment: 'In a manifest, without a server',
      command: 'kubectl set image -f path/to/file.yaml nginx=nginx:1.9.1 --local -o yaml',
    },
  ],
  flags: selectingSetFlags,
  refusesFirst: 'format',
  parse,
  run,
});

function parse(invocation: Invocation): ImageOptions {
  const { resources, changes } = changeWords(invocation.args, 'image');
  const wrong = changes.filter((word) => !word.includes('='));
  if (wrong.length > 0) throw new UserError(`invalid image format: ${wrong.join(', ')}`);
  const images = new Map(changes.map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]));
  const options = setOptions(invocation, resources, true);
  return { ...options, images, problems: [...problemsOf(options, images), ...options.problems] };
}

function problemsOf({ request }: SetOptions, images: ReadonlyMap<string, string>): string[] {
  const problems: string[] = [];
  if (request.all === true && request.labelSelector !== undefined) {
    problems.push('cannot set --all and --selector at the same time');
  }
  if (request.args.length === 0 && namesNoFiles(request)) {
    problems.push('one or more resources must be specified as <resource> <name> or <resource>/<name>');
  }
  if (images.size === 0) problems.push('at least one image update is required');
  else if (images.size > 1 && images.has('*')) {
    problems.push(
      'all containers are already specified by *, but saw more than one container_name=container_image pairs',
    );
  }
  return problems;
}

async function run(options: ImageOptions, context: Context): Promise<void> {
  await setObjects(
    options,
    {
      word: 'image updated',
      failure: 'failed to patch image update to pod template: ',
      change(_found, object, failures) {
        const podSpec = podSpecOf(object);
        const containers = [...objectsIn(podSpec, 'initContainers'), ...objectsIn(podSpec, 'containers')];
        for (const [name, image] of options.images) {
          const chosen = containers.filter((container) => name === '*' || container['name'] === name);
          for (const container of chosen) container['image'] = image;
          if (chosen.length === 0) {
            failures.add(new UserError(`error: unable to find container named ${JSON.stringify(name)}`));
          }
        }
        return true;
      },
    },
    context,
  );
}
