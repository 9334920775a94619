"""Exercises an API server with Debian's python3-kubernetes and prints what it saw as one JSON object.

usage: python-client.py KUBECONFIG PROXY_PORT CUT_FILE
Requests go through a proxy on PROXY_PORT; making CUT_FILE asks whoever runs this to cut its connections.
"""

import json
import pathlib
import sys
import time

from kubernetes import client, config, dynamic, utils, watch
from kubernetes.client.rest import ApiException
from urllib3.exceptions import HTTPError

KUBECONFIG, PORT, CUT = sys.argv[1], int(sys.argv[2]), pathlib.Path(sys.argv[3])
config.load_kube_config(KUBECONFIG)
configuration = client.Configuration.get_default_copy()
configuration.host = f"https://127.0.0.1:{PORT}"
api = client.ApiClient(configuration)
core, apps = client.CoreV1Api(api), client.AppsV1Api(api)
seen = {}


def config_map(name, **data):
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "labels": {"of": "python"}}, "data": data}


def refused(call, *args, **kwargs):
    """The Status of a request that must be refused."""
    try:
        call(*args, **kwargs)
    except ApiException as error:
        return json.loads(error.body)
    raise AssertionError("was not refused")


def lists():
    for index in range(5):
        core.create_namespaced_config_map("default", config_map(f"c{index}", at=str(index)))
    pages, token = [], None
    while True:
        page = core.list_namespaced_config_map("default", limit=2, label_selector="of=python", _continue=token)
        pages.append([item.metadata.name for item in page.items])
        token = page.metadata._continue
        if not token:
            break
    selected = core.list_namespaced_config_map("default", field_selector="metadata.name=c3")
    return {"pages": pages, "selected": [item.metadata.name for item in selected.items]}


def watch_with_cut():
    """Reads on after its connection was cut, from the last version seen, without losing or repeating a change."""
    begun = core.list_namespaced_config_map("default", label_selector="of=python")
    version, events, cut = begun.metadata.resource_version, [], False
    changes = [f"w{index}" for index in range(4)]
    core.create_namespaced_config_map("default", config_map(changes[0]))
    until = time.monotonic() + 30
    while len(events) < len(changes) and time.monotonic() < until:
        try:
            watcher = watch.Watch()
            for event in watcher.stream(
                core.list_namespaced_config_map, "default", label_selector="of=python", resource_version=version,
                timeout_seconds=20,
            ):
                version = event["object"].metadata.resource_version
                events.append([event["type"], event["object"].metadata.name])
                if len(events) == 1:
                    CUT.touch()
                    while CUT.exists():
                        time.sleep(0.01)
                    cut = True
                    for name in changes[1:]:
                        core.create_namespaced_config_map("default", config_map(name))
                if len(events) == len(changes):
                    watcher.stop()
        except HTTPError:
            pass  # However the end is told, the watch goes on from the version that was seen last.
    return {"events": events, "cut": cut}


def expired():
    """An old version that nothing can be watched from any more, or that is still there."""
    answer = refused(core.list_namespaced_config_map, "default", resource_version="99999999", resource_version_match="Exact")
    return {"code": answer["code"], "reason": answer["reason"]}


def deployment(name):
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name},
        "spec": {
            "selector": {"matchLabels": {"app": name}},
            "template": {
                "metadata": {"labels": {"app": name}},
                "spec": {"containers": [{"name": "a", "image": "a:1"}, {"name": "b", "image": "b:1"}]},
            },
        },
    }


def patch_as(content_type, name, body):
    return api.call_api(
        "/apis/apps/v1/namespaces/{namespace}/deployments/{name}", "PATCH", {"namespace": "default", "name": name}, [],
        {"Content-Type": content_type, "Accept": "application/json"}, body=body, response_type="V1Deployment",
        auth_settings=["BearerToken"], _return_http_data_only=True,
    )


def patches():
    utils.create_from_dict(api, deployment("patched"))
    containers = lambda answer: [[each.name, each.image] for each in answer.spec.template.spec.containers]
    part = lambda image: {"spec": {"template": {"spec": {"containers": [{"name": "b", "image": image}]}}}}
    strategic = patch_as("application/strategic-merge-patch+json", "patched", part("b:2"))
    merge = patch_as("application/merge-patch+json", "patched", part("b:3"))
    operations = [{"op": "replace", "path": "/spec/replicas", "value": 3}]
    by_json = patch_as("application/json-patch+json", "patched", operations)
    failed = refused(
        patch_as, "application/json-patch+json", "patched", [{"op": "test", "path": "/spec/replicas", "value": 9}]
    )
    return {
        "strategic": containers(strategic), "merge": containers(merge), "json": by_json.spec.replicas,
        "failed": [failed["code"], failed["reason"]],
    }


def conflicts():
    """Two writers of one object: the second is told, reads again and is then heard."""
    mine = core.read_namespaced_config_map("c0", "default")
    other = core.read_namespaced_config_map("c0", "default")
    other.data["other"] = "yes"
    core.replace_namespaced_config_map("c0", "default", other)
    tries, refusals = 0, []
    while True:
        tries += 1
        mine.data["mine"] = "yes"
        try:
            core.replace_namespaced_config_map("c0", "default", mine)
            break
        except ApiException as error:
            refusals.append([error.status, json.loads(error.body)["reason"]])
            mine = core.read_namespaced_config_map("c0", "default")
    return {"tries": tries, "refusals": refusals, "data": core.read_namespaced_config_map("c0", "default").data}


def status_writes():
    apps.patch_namespaced_deployment_status("patched", "default", {"status": {"replicas": 2, "observedGeneration": 1}})
    before = apps.read_namespaced_deployment("patched", "default")
    after = apps.patch_namespaced_deployment("patched", "default", {"status": {"replicas": 7}, "spec": {"paused": True}})
    scaled = apps.patch_namespaced_deployment_scale("patched", "default", {"spec": {"replicas": 4}})
    return {"replicas": [before.status.replicas, after.status.replicas], "paused": after.spec.paused, "scale": scaled.spec.replicas}


def deletes():
    """What the three kinds of propagation leave of an owned object."""
    left = {}
    for policy in ["Background", "Foreground", "Orphan"]:
        name = f"owner-{policy.lower()}"
        owner = core.create_namespaced_config_map("default", config_map(name))
        owned = config_map(f"{name}-owned")
        owned["metadata"]["ownerReferences"] = [
            {"apiVersion": "v1", "kind": "ConfigMap", "name": name, "uid": owner.metadata.uid, "blockOwnerDeletion": True}
        ]
        core.create_namespaced_config_map("default", owned)
        core.delete_namespaced_config_map(name, "default", propagation_policy=policy)
        remaining = None
        # What is owned is gone, or free, a moment after.
        for _ in range(200):
            items = core.list_namespaced_config_map("default", label_selector="of=python").items
            remaining = [item for item in items if item.metadata.name.startswith(name)]
            if policy == "Orphan" and len(remaining) == 1 and not remaining[0].metadata.owner_references:
                break
            if policy != "Orphan" and not remaining:
                break
            time.sleep(0.05)
        left[policy] = [item.metadata.name for item in remaining]
    return left


def dynamics():
    """The client that learns the kinds from discovery, with a kind of our own."""
    definition = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "snakes.example.com"},
        "spec": {
            "group": "example.com", "scope": "Namespaced",
            "names": {"plural": "snakes", "singular": "snake", "kind": "Snake", "listKind": "SnakeList"},
            "versions": [{
                "name": "v1", "served": True, "storage": True,
                "schema": {"openAPIV3Schema": {"type": "object", "properties": {
                    "spec": {"type": "object", "properties": {"length": {"type": "integer", "minimum": 1}}}}}},
            }],
        },
    }
    client.ApiextensionsV1Api(api).create_custom_resource_definition(definition)
    snakes = dynamic.DynamicClient(api).resources.get(api_version="example.com/v1", kind="Snake")
    body = {"apiVersion": "example.com/v1", "kind": "Snake", "metadata": {"name": "kaa"}, "spec": {"length": 3}}
    made = snakes.create(body=body, namespace="default")
    changed = snakes.patch(
        body={"metadata": {"name": "kaa"}, "spec": {"length": 4}}, namespace="default",
        content_type="application/merge-patch+json",
    )
    body["spec"]["length"] = 0
    body["metadata"]["name"] = "none"
    wrong = refused(snakes.create, body=body, namespace="default")
    snakes.delete(name="kaa", namespace="default")
    return {
        "made": made.spec.length, "changed": changed.spec.length, "wrong": wrong["details"]["causes"][0]["field"],
        "left": len(snakes.get(namespace="default").items),
    }


for step in [lists, watch_with_cut, expired, patches, conflicts, status_writes, deletes, dynamics]:
    seen[step.__name__] = step()
print(json.dumps(seen))
