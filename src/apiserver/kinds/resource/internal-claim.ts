import { type Fields, isSet, objectIn, objectsIn, partOf } from '../fields.ts';

/** The spec of a ResourceClaim as Go's own type of it prints, which has no names for JSON. */
export function internalClaimSpec(spec: Fields): Fields {
  const devices = partOf(spec, 'devices');
  return {
    Devices: {
      Requests: listOf(devices, 'requests', (request) => {
        const exactly = objectIn(request, 'exactly');
        return {
          Name: request['name'] ?? '',
          Exactly: exactly === undefined ? null : internalRequest(exactly, { access: exactly['adminAccess'] ?? null }),
          FirstAvailable: listOf(request, 'firstAvailable', (each) => ({
            Name: each['name'] ?? '',
            ...internalRequest(each),
          })),
        };
      }),
      Constraints: listOf(devices, 'constraints', (constraint) => ({
        Requests: constraint['requests'] ?? null,
        MatchAttribute: constraint['matchAttribute'] ?? null,
        DistinctAttribute: constraint['distinctAttribute'] ?? null,
      })),
      Config: listOf(devices, 'config', (config) => {
        const opaque = objectIn(config, 'opaque');
        const inner =
          opaque === undefined ? null : { Driver: opaque['driver'] ?? '', Parameters: opaque['parameters'] ?? null };
        return { Requests: config['requests'] ?? null, Opaque: inner };
      }),
    },
  };
}

function internalRequest(request: Fields, admin?: { access: unknown }): Fields {
  return {
    DeviceClassName: request['deviceClassName'] ?? '',
    Selectors: listOf(request, 'selectors', (selector) => {
      const cel = objectIn(selector, 'cel');
      return { CEL: cel === undefined ? null : { Expression: cel['expression'] ?? '' } };
    }),
    AllocationMode: request['allocationMode'] ?? '',
    Count: request['count'] ?? 0,
    ...(admin === undefined ? {} : { AdminAccess: admin.access }),
    Tolerations: listOf(request, 'tolerations', (each) => ({
      Key: each['key'] ?? '',
      Operator: each['operator'] ?? '',
      Value: each['value'] ?? '',
      Effect: each['effect'] ?? '',
      TolerationSeconds: each['tolerationSeconds'] ?? null,
    })),
    Capacity: isSet(request, 'capacity') ? { Requests: partOf(request, 'capacity')['requests'] ?? null } : null,
  };
}

function listOf(parent: Fields, key: string, make: (item: Fields) => Fields): Fields[] | null {
  return isSet(parent, key) ? objectsIn(parent, key).map(make) : null;
}
