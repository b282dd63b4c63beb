// What a newcomer writes: the whole SDKs, eight resources. Run with mocks, because the plugins cannot be had everywhere.
import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

void pulumi.runtime.setMocks({
  newResource: (args) => ({ id: args.name, state: args.inputs }),
  call: (args) => args.inputs,
});

const labels = { app: "newcomer" };
const namespace = new k8s.core.v1.Namespace("newcomer", { metadata: { name: "newcomer" } });
const metadata = { namespace: namespace.metadata.name };
new k8s.core.v1.ConfigMap("config", { metadata, data: { a: "1" } });
new k8s.core.v1.Secret("secret", { metadata, stringData: { a: "1" } });
new k8s.apps.v1.Deployment("app", {
  metadata,
  spec: {
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: { containers: [{ name: "app", image: "nginx:1.27" }] },
    },
  },
});
new k8s.core.v1.Service("app", { metadata, spec: { selector: labels, ports: [{ port: 80 }] } });
new k8s.policy.v1.PodDisruptionBudget("app", {
  metadata,
  spec: { minAvailable: 1, selector: { matchLabels: labels } },
});
new aws.s3.Bucket("bucket", {});
new aws.sqs.Queue("queue", {});
