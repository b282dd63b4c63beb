// What a newcomer writes as a policy pack: the whole SDKs, three rules.
import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import { PolicyPack, validateResourceOfType } from "@pulumi/policy";

new PolicyPack("newcomer", {
  policies: [
    {
      name: "no-latest",
      description: "Images have a version.",
      enforcementLevel: "mandatory",
      validateResource: validateResourceOfType(
        k8s.apps.v1.Deployment,
        (deployment, _args, report) => {
          for (const container of deployment.spec?.template?.spec?.containers ?? [])
            if (container.image?.endsWith(":latest")) report("latest");
        },
      ),
    },
    {
      name: "private-bucket",
      description: "Buckets are private.",
      enforcementLevel: "mandatory",
      validateResource: validateResourceOfType(aws.s3.Bucket, (bucket, _args, report) => {
        if (bucket.acl === "public-read") report("public");
      }),
    },
    {
      name: "no-load-balancer",
      description: "Services stay inside.",
      enforcementLevel: "mandatory",
      validateResource: validateResourceOfType(k8s.core.v1.Service, (service, _args, report) => {
        if (service.spec?.type === "LoadBalancer") report("load balancer");
      }),
    },
  ],
});
// The pack serves until it is ended; the bench only needs it loaded.
setTimeout(() => process.exit(0), 0);
