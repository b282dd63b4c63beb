import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { Provider } from "@pulumi/kubernetes/provider.js";
import { secret } from "@pulumi/pulumi";
import { serveWorker } from "../serve-worker.ts";

// A worker for tests of the engine with a cluster: a namespace, one ConfigMap an item, and a Deployment for an item with an image.
serveWorker(async (plan) => {
  const provider = new Provider("cluster", {
    enableServerSideApply: true,
    enableConfigMapMutable: true,
    clusterIdentifier: plan.environment,
  });
  const namespace = new Namespace(
    "namespace",
    { metadata: { name: plan.namespace } },
    { provider },
  );
  const options = { provider, parent: namespace, dependsOn: [namespace] };
  for (const { id, args } of plan.items) {
    const metadata = { name: id, namespace: plan.namespace };
    if (typeof args["image"] !== "string") {
      new ConfigMap(id, { metadata, data: { text: secret(String(args["text"])) } }, options);
      continue;
    }
    const labels = { app: id };
    const requests = { cpu: String(args["cpu"] ?? "100m") };
    const containers = [{ name: "main", image: args["image"], resources: { requests } }];
    new Deployment(
      id,
      {
        metadata,
        spec: {
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: { containers } },
        },
      },
      options,
    );
  }
  return { namespace: namespace.metadata.name };
});
