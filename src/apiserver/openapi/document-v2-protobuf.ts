import type { JsonObject, JsonValue } from '../../model/json-value.ts';
import { ProtobufWriter } from '../../model/protobuf/protobuf-writer.ts';

/** A Swagger 2.0 document as the protobuf message openapi.v2.Document (gnostic's OpenAPIv2.proto). */
export function documentV2Protobuf(document: JsonObject): Buffer {
  const encoder = new Encoder();
  encoder.document(document);
  return encoder.writer.toBuffer();
}

const METHODS: readonly [name: string, number: number][] = [
  ['get', 2],
  ['put', 3],
  ['post', 4],
  ['delete', 5],
  ['patch', 8],
];

/** Fields are written from the last to the first, as the writer goes from the end to the start. */
class Encoder {
  readonly writer = new ProtobufWriter();

  document(document: JsonObject): void {
    this.#named(9, 1, document['definitions'], (schema) => this.#schema(schema));
    this.#named(8, 2, document['paths'], (item) => this.#pathItem(item));
    this.#message(2, () => {
      const info = objectOf(document['info']);
      this.#text(2, info['version']);
      this.#text(1, info['title']);
    });
    this.#text(1, document['swagger']);
  }

  #pathItem(item: JsonObject): void {
    this.#each(item['parameters'], (parameter) => this.#message(9, () => this.#parameter(objectOf(parameter))));
    for (const [name, number] of METHODS.toReversed()) {
      const operation = item[name];
      if (operation !== undefined) this.#message(number, () => this.#operation(objectOf(operation)));
    }
  }

  #operation(operation: JsonObject): void {
    this.#extensions(13, operation);
    this.#texts(10, operation['schemes']);
    this.#named(9, 1, operation['responses'], (response) => {
      this.#message(1, () => {
        const { schema } = response;
        if (schema !== undefined) this.#message(2, () => this.#message(1, () => this.#schema(objectOf(schema))));
        this.#text(1, response['description']);
      });
    });
    this.#each(operation['parameters'], (parameter) => this.#message(8, () => this.#parameter(objectOf(parameter))));
    this.#texts(7, operation['consumes']);
    this.#texts(6, operation['produces']);
    this.#text(5, operation['operationId']);
  }

  /** A ParametersItem. */
  #parameter(parameter: JsonObject): void {
    this.#message(1, () => {
      if (parameter['in'] === 'body') {
        this.#message(1, () => {
          this.#message(5, () => this.#schema(objectOf(parameter['schema'])));
          this.#flag(4, parameter['required']);
          this.#text(3, parameter['in']);
          this.#text(2, parameter['name']);
        });
        return;
      }
      const isQuery = parameter['in'] === 'query';
      this.#message(2, () => {
        this.#message(isQuery ? 3 : 4, () => {
          this.#flag(isQuery ? 20 : 19, parameter['uniqueItems']);
          this.#text(isQuery ? 6 : 5, parameter['type']);
          this.#text(4, parameter['name']);
          this.#text(2, parameter['in']);
          this.#flag(1, parameter['required']);
        });
      });
    });
  }

  #schema(schema: JsonObject): void {
    const { items, properties, additionalProperties: more } = schema;
    this.#extensions(31, schema);
    if (properties !== undefined) this.#named(25, 1, properties, (property) => this.#schema(property));
    if (items !== undefined) this.#message(23, () => this.#message(1, () => this.#schema(objectOf(items))));
    const { type } = schema;
    if (typeof type === 'string') this.#message(22, () => this.#text(1, type));
    if (typeof more === 'boolean') this.#message(21, () => this.#flag(2, more));
    else if (more !== undefined) this.#message(21, () => this.#message(1, () => this.#schema(objectOf(more))));
    this.#each(schema['enum'], (value) => this.#message(20, () => this.#any(value)));
    this.#texts(19, schema['required']);
    this.#text(4, schema['description']);
    this.#text(2, schema['format']);
    this.#text(1, schema['$ref']);
  }

  #extensions(number: number, object: JsonObject): void {
    for (const [name, value] of Object.entries(object).toReversed()) {
      if (!name.startsWith('x-') || value === undefined) continue;
      this.#message(number, () => {
        this.#message(2, () => this.#any(value));
        this.#text(1, name);
      });
    }
  }

  /** An Any, whose text is YAML: JSON is. */
  #any(value: JsonValue): void {
    this.#text(2, JSON.stringify(value));
  }

  /** A message that holds named values in its field `inner`. */
  #named(number: number, inner: number, values: JsonValue | undefined, write: (value: JsonObject) => void): void {
    this.#message(number, () => {
      for (const [name, value] of Object.entries(objectOf(values)).toReversed()) {
        this.#message(inner, () => {
          this.#message(2, () => write(objectOf(value)));
          this.#text(1, name);
        });
      }
    });
  }

  #each(list: JsonValue | undefined, write: (value: JsonValue) => void): void {
    if (Array.isArray(list)) for (const value of list.toReversed()) write(value);
  }

  #message(number: number, write: () => void): void {
    const end = this.writer.size;
    write();
    this.writer.varint(this.writer.size - end);
    this.writer.tag(number, 2);
  }

  #text(number: number, value: JsonValue | undefined): void {
    if (typeof value !== 'string' || value === '') return;
    this.writer.string(value);
    this.writer.tag(number, 2);
  }

  #texts(number: number, values: JsonValue | undefined): void {
    this.#each(values, (value) => this.#text(number, value));
  }

  #flag(number: number, value: JsonValue | undefined): void {
    if (value !== true) return;
    this.writer.varint(1);
    this.writer.tag(number, 0);
  }
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return (value ?? {}) as JsonObject;
}
