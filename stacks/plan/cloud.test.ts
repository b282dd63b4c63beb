import { describe, expect, it } from "vitest";
import type { IdentitySpec } from "../../components/identity/identity.plan.ts";
import type { WorkloadSpec } from "../../components/workload/workload.plan.ts";
import type { AwsClusterSpec, EksObjectsSpec } from "../../components/platform/aws.plan.ts";
import type { NetworkPolicySpec } from "../../components/tenancy/network.plan.ts";
import type { Environment } from "../contract/environment.ts";
import type { Plan } from "../contract/plan.ts";
import { resolvePlatform } from "./platform.ts";
import {
  CONTAINER,
  IN_AWS,
  argsIn,
  planOf,
  problemsOf,
  testEnvironment,
  testService,
} from "./testing.ts";

const AWS = testEnvironment("prod", {
  ...IN_AWS,
  resources: [
    { type: "postgres", driver: "postgres-rds" },
    { type: "secret", driver: "secret-aws" },
  ],
});

const shop = testService("shop", {
  owner: "shop",
  dataClass: "confidential",
  containers: {
    main: {
      ...CONTAINER,
      variables: {
        PASSWORD: "${resources.db.password}",
        URL: "postgres://u:${resources.db.password}@${resources.db.host}/$$(X)",
      },
      files: {
        "/etc/shop.ini": {
          content: "key = ${resources.stripe.value}\n",
          encoding: "text",
          expand: true,
          mode: "0400",
        },
      },
      livenessProbe: {},
      readinessProbe: {},
    },
  },
  uses: {
    db: { type: "postgres", class: "default", params: {}, annotations: {} },
    stripe: { type: "secret", class: "default", params: {}, annotations: {} },
  },
});

const itemOf = (plan: Plan, id: string) => plan.items.find((item) => item.id === id);
const egressOf = (plan: Plan) =>
  argsIn<{ policies: NetworkPolicySpec[] }>(plan, "tenancy").policies.find(
    ({ name }) => name === "allow-workload",
  )!.egress;

describe("a service whose resources are in a cloud", () => {
  const plan = planOf(shop, AWS);
  const workload = argsIn<WorkloadSpec>(plan, "workload");

  it("never holds a secret that the cloud holds: the kubelet fills it in", () => {
    const [main] = workload.containers;
    expect(main!.cloudEnv).toEqual({
      FAIRWAY_DB_PASSWORD: "db.password",
      PASSWORD: "db.password",
    });
    expect(main!.env["URL"]).toEqual({
      $template: [
        "postgres://u:$(FAIRWAY_DB_PASSWORD)@",
        { ref: "db", output: "host", secret: false },
        "/$$(X)",
      ],
    });
    expect(workload.secret).toBeUndefined();
    expect(workload.cloudSecret).toEqual({
      name: "shop-cloud",
      region: "eu-central-1",
      objects: ["db.password", "stripe.value"].map((key) => ({
        key,
        secret: {
          $template: [{ ref: key.split(".")[0], output: "secretArn", secret: false }],
        },
        property: key.split(".")[1],
      })),
    });
  });

  it("has an init container write the files that hold such secrets", () => {
    const [render] = workload.initContainers;
    expect(render).toMatchObject({
      name: "fairway-render",
      user: 65_534,
      cloudEnv: { FAIRWAY_STRIPE_VALUE: "stripe.value" },
      env: { FILE_0: "key = $(FAIRWAY_STRIPE_VALUE)\n" },
    });
    expect(render!.command!.at(-1)).toBe(
      'set -eu\nprintf %s "$FILE_0" > /rendered/main.file.etc_shop.ini; chmod 444 /rendered/main.file.etc_shop.ini',
    );
    expect(workload.containers[0]!.mounts).toEqual([
      {
        volume: "rendered",
        path: "/etc/shop.ini",
        subPath: "main.file.etc_shop.ini",
        readOnly: true,
      },
    ]);
  });

  it("gets a role with what its resources need, each statement from its line", () => {
    const identity = itemOf(plan, "identity")!;
    const { role, permissionsBoundary, statements } = identity.args as unknown as IdentitySpec;
    expect(role).toBe("fairway-shop-prod");
    expect(permissionsBoundary).toBe("arn:aws:iam::333333333333:policy/boundary");
    expect(statements.map(({ sid }) => sid)).toEqual([
      "dbSecret",
      "dbSecretKey",
      "stripeSecret",
      "stripeSecretKey",
    ]);
    expect(identity.origins["statements.2"]).toMatchObject({ path: "spec.uses.stripe" });
    expect(itemOf(plan, "workload")!.after).toEqual(
      expect.arrayContaining(["identity", "network"]),
    );
  });

  it("opens the security groups that its edges reach, and the network policy to their addresses", () => {
    expect(itemOf(plan, "network")!.args).toMatchObject({
      grain: "pod",
      edges: [{ to: "db", port: 5432, protocol: "TCP" }],
    });
    expect(egressOf(plan)).toContainEqual({
      peers: ["10.0.224.0/21", "10.0.232.0/21", "10.0.240.0/21"].map((cidr) => ({
        cidr,
        except: [],
      })),
      ports: [{ port: 5432, protocol: "TCP" }],
    });
  });

  it("fetches the credentials of its role from the agent on its node, in the network's policies too", () => {
    expect(plan.edges.filter(({ to }) => "entity" in to && to.entity === "pod-identity")).toEqual([
      {
        from: { kind: "self", item: "workload" },
        to: { kind: "entity", entity: "pod-identity" },
        port: 80,
        protocol: "TCP",
        origin: expect.objectContaining({ from: "default" }) as unknown,
      },
    ]);
    expect(egressOf(plan)).toContainEqual({
      peers: [{ cidr: "169.254.170.23/32", except: [] }],
      ports: [{ port: 80, protocol: "TCP" }],
    });
  });

  it("says whose everything is, and reads ids from the platform's stack", () => {
    expect(plan.cloud).toEqual({
      provider: "aws",
      region: "eu-central-1",
      account: "333333333333",
      tags: {
        "fairway:service": "shop",
        "fairway:owner": "shop",
        "fairway:environment": "prod",
        "fairway:data-class": "confidential",
        "fairway:cost-centre": "4200",
        "fairway:repository": "company/platform",
      },
    });
    expect(itemOf(plan, "platform")).toMatchObject({
      component: "shared-reference",
      args: { stack: "platform.prod" },
    });
  });

  it("fails in an environment without an account", () => {
    const { resources } = AWS;
    const problems = problemsOf(() => planOf(shop, testEnvironment("test", { resources })));
    expect(problems.map((text) => text.slice(0, 30))).toEqual([
      "FW3030 spec.resources.0.driver",
      "FW3030 spec.resources.1.driver",
    ]);
  });
});

it("a service with nothing in a cloud has no part in one", () => {
  const plan = planOf(testService("plain"), AWS);
  expect(plan.cloud).toBeUndefined();
  expect(JSON.stringify(plan)).not.toContain("169.254.170.23");
  expect(plan.items.map(({ id }) => id)).toEqual(["tenancy", "workload"]);
});

describe("what controllers make in an account", () => {
  const argsOf = (of: object) => {
    const plans = resolvePlatform(
      testEnvironment("prod", { cluster: AWS.cluster, cloud: { ...AWS.cloud, eks: of } }),
    );
    return {
      cluster: plans[0]!.items.find(({ id }) => id === "cluster")?.args as
        | AwsClusterSpec
        | undefined,
      objects: argsIn<EksObjectsSpec>(plans[1]!, "ingress"),
      plans,
    };
  };

  it("has the tags of the stack that asks for it, disks those of their data class", () => {
    const { cluster, objects, plans } = argsOf({ create: {} });
    expect(cluster?.tags).toEqual(plans[0]!.cloud?.tags);
    expect(objects.tags).toEqual(plans[1]!.cloud?.tags);
    expect(objects.disks.map(({ tags }) => tags)).toEqual(
      ["public", "internal", "confidential", "restricted"].map((dataClass) => ({
        ...objects.tags,
        "fairway:data-class": dataClass,
      })),
    );
  });

  it("has none where the role of an adopted cluster in Auto Mode may set none", () => {
    const adopted = (mode: string) =>
      argsOf({ adopt: { mode, clusterSecurityGroup: "sg-0a" } }).objects;
    expect([adopted("auto").tags, adopted("auto").disks[0]?.tags]).toEqual([{}, {}]);
    expect(adopted("managed").tags).toHaveProperty("fairway:service", "platform");
  });
});

describe("names are looked up", () => {
  const eks = (mode: "auto" | "managed") => [
    { create: { mode } },
    { adopt: { mode, clusterSecurityGroup: "sg-0a" } },
  ];
  const inCluster = (of: object) =>
    testEnvironment("prod", { cluster: AWS.cluster, cloud: { ...AWS.cloud, eks: of } });
  const ruleOf = (environment: Environment) =>
    egressOf(planOf(testService("plain"), environment)).find(({ ports }) =>
      ports.some(({ port }) => port === 53),
    );
  const ports = ["TCP", "UDP"].map((protocol) => ({ port: 53, protocol }));

  it("at an address of the node in Auto Mode, where no pods answer", () => {
    for (const of of eks("auto"))
      expect(ruleOf(inCluster(of))).toEqual({
        peers: [{ cidr: "0.0.0.0/0", except: [] }],
        ports,
      });
  });

  it("at the pods of CoreDNS everywhere else", () => {
    for (const environment of [...eks("managed").map(inCluster), testEnvironment("test")])
      expect(ruleOf(environment)).toEqual({
        peers: [
          {
            namespaces: { "kubernetes.io/metadata.name": "kube-system" },
            pods: { "k8s-app": "kube-dns" },
          },
        ],
        ports,
      });
  });
});
