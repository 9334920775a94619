// etcd3 parses its .proto files whenever it is loaded, which takes longer than all the rest of it. This writes, once, the
// code that protobufjs would make of them: what a bundle has in place of @grpc/proto-loader.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const etcd3 = require.resolve('etcd3');
// The very protobufjs that etcd3 would use.
const loader = createRequire(etcd3).resolve('@grpc/proto-loader');
const protobuf = createRequire(loader)('protobufjs');

/** A CommonJS module with a `loadSync` that answers what @grpc/proto-loader's answers for etcd3's rpc.proto. */
export function etcd3Codecs() {
  const root = new protobuf.Root();
  // As etcd3 asks for it.
  root.loadSync(join(dirname(etcd3), '../proto/rpc.proto'), { keepCase: true });
  root.resolveAll();
  const { messages, enums, services } = collect(root);
  const numberOf = new Map([...messages, ...enums].map((type, index) => [type, index]));
  const lines = [
    `const { Reader, Writer, util } = require('protobufjs/minimal');`,
    `if (!util.Long) throw new Error('64-bit numbers need the package long');`,
    `const all = [`,
    ...messages.map(() => `  { ctor: class {} },`),
    ...enums.map((type) => `  { values: ${JSON.stringify({ ...type.values, ...type.valuesById })} },`),
    `];`,
    ...messages.map((type) => messageCodec(type, numberOf)),
    `const options = { longs: String, enums: String, defaults: true, oneofs: true };`,
    `const serialize = (codec) => (message) => codec.encode(codec.fromObject(message)).finish();`,
    `const deserialize = (codec) => (bytes) => codec.toObject(codec.decode(bytes), options);`,
    `const method = (path, request, response, requestStream, responseStream) => {`,
    `  const name = path.slice(path.lastIndexOf('/') + 1);`,
    `  return {`,
    `    path, requestStream, responseStream, originalName: name[0].toLowerCase() + name.slice(1),`,
    `    requestSerialize: serialize(request), requestDeserialize: deserialize(request),`,
    `    responseSerialize: serialize(response), responseDeserialize: deserialize(response),`,
    `  };`,
    `};`,
    `exports.loadSync = (file) => {`,
    `  if (!String(file).endsWith('rpc.proto')) throw new Error('only etcd3 is bundled, not ' + file);`,
    `  return {`,
    ...services.map((service) => serviceDefinition(service, numberOf)),
    `  };`,
    `};`,
  ];
  return `${lines.join('\n')}\n`;
}

function collect(root) {
  const found = { messages: [], enums: [], services: [] };
  const visit = (object) => {
    if (object instanceof protobuf.Type) found.messages.push(object);
    else if (object instanceof protobuf.Enum) found.enums.push(object);
    else if (object instanceof protobuf.Service) found.services.push(object);
    for (const nested of object.nestedArray ?? []) visit(nested);
  };
  visit(root);
  return found;
}

/** protobufjs' own generated functions, which refer to a field's type as `types[index]`. */
function messageCodec(type, numberOf) {
  const types = type.fieldsArray.map((field) => field.resolve().resolvedType);
  const references = types.map((each) => (each === null ? 'null' : `all[${numberOf.get(each)}]`));
  const { encoder, decoder, converter } = protobuf;
  const functions = [
    encoder(type).toString('encode'),
    decoder(type).toString('decode'),
    converter.fromObject(type).toString('fromObject'),
    converter.toObject(type).toString('toObject'),
  ];
  return [
    `{`,
    `const types = [${references.join(', ')}];`,
    ...functions,
    `Object.assign(all[${numberOf.get(type)}], { encode, decode, fromObject, toObject });`,
    `}`,
  ].join('\n');
}

function serviceDefinition(service, numberOf) {
  const name = service.fullName.slice(1);
  const methods = service.methodsArray.map((method) => {
    const [request, response] = [method.resolvedRequestType, method.resolvedResponseType].map((type) =>
      numberOf.get(type),
    );
    const streams = `${method.requestStream === true}, ${method.responseStream === true}`;
    return `    ${method.name}: method('/${name}/${method.name}', all[${request}], all[${response}], ${streams}),`;
  });
  return [`  '${name}': {`, ...methods, `  },`].join('\n');
}
