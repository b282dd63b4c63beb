import { afterAll, beforeAll, expect, test } from "vitest";
import { Provider } from "@pulumi/aws/provider.js";
import { type Output, interpolate, output } from "@pulumi/pulumi";
import type { Json, Reference } from "../stacks/contract/value.ts";
import { openWorkspace } from "../stacks/providers/kubernetes/harness.ts";
import { type RehearsalServer, serveRehearsal } from "../stacks/providers/rehearsal/index.ts";
import { obtainEngine } from "../tools/engine/engine.ts";
import { requestOf } from "../tools/test/pod/objects.ts";
import { PLATFORM } from "./base/aws.plan.ts";
import { buildContext } from "./base/context.ts";
import { findDriver } from "./catalog.ts";
import { REGISTRY } from "./registry.ts";

/** What the platform's stack of an environment would have built. */
const PLATFORM_OUTPUTS: Readonly<Record<string, string>> = {
  vpcId: "vpc-0123456789abcdef0",
  databaseSubnets: "subnet-0a,subnet-0b,subnet-0c",
};
const KEY = "arn:aws:kms:eu-central-1:444444444444:key/1234abcd-12ab-34cd-56ef-1234567890ab";

/** What is asked of a driver beside its defaults. */
interface Asked {
  readonly class?: string;
  readonly params?: Readonly<Record<string, Json>>;
}

/** The driver's component as the program of a stack, in an account that is never asked. */
const program = (driver: string, asked: Asked) => () => {
  const face = findDriver(driver)!;
  const request = {
    ...requestOf(face, asked.params),
    class: asked.class ?? "default",
    service: driver,
  };
  const aws = new Provider("aws", {
    region: "eu-central-1",
    allowedAccountIds: ["444444444444"],
    defaultTags: { tags: { "fairway:service": request.service } },
  });
  const context = buildContext({
    namespace: request.namespace,
    labels: request.labels,
    key: new Uint8Array(32).fill(7),
    lookup: ({ ref, output: name }: Reference) =>
      ref === PLATFORM ? (PLATFORM_OUTPUTS[name] ?? KEY) : interpolate`${ref}.${name}`,
  });
  const { args = {} } = face.plan(request);
  const built = REGISTRY[driver]!("shop-store", args, context, { providers: { aws } });
  return Object.fromEntries(
    Object.entries(built.outputs).map(([name, value]): [string, Output<string>] => [
      name,
      output(value),
    ]),
  );
};

/** Driver → a change → what of it changes, as `<operation> <type> <properties>`. */
const CHANGES: Readonly<Record<string, readonly (readonly [Asked, readonly string[]])[]>> = {
  "amqp-mq": [[{ params: { size: "large" } }, ["update mq/broker hostInstanceType"]]],
  "kafka-topic-msk": [
    [{ params: { partitions: 6 } }, ["update msk/topic partitionCount"]],
    [{ params: { retentionHours: 24 } }, ["update msk/topic configs"]],
  ],
  "mongodb-docdb": [
    [{ class: "ha" }, ["create docdb/clusterInstance"]],
    [{ params: { rotation: 2 } }, ["update docdb/cluster masterPassword"]],
  ],
  "mysql-rds": [
    [{ class: "ha" }, ["update rds/instance multiAz"]],
    [
      { params: { engine: "mariadb" } },
      [
        "replace rds/parameterGroup family,name",
        "replace rds/instance engine,engineVersion,parameterGroupName",
        "replace secretsmanager/secretRotation",
      ],
    ],
  ],
  "postgres-instance-rds": [
    [{ params: { storage: "50Gi" } }, ["update rds/instance allocatedStorage"]],
  ],
  "postgres-rds": [
    [{ class: "ha", params: { size: "medium" } }, ["update rds/instance instanceClass,multiAz"]],
    [
      { params: { version: "18", majorUpgrade: true } },
      [
        "replace rds/parameterGroup family,name",
        "update rds/instance allowMajorVersionUpgrade,engineVersion,parameterGroupName",
      ],
    ],
  ],
  "redis-elasticache": [
    [
      { class: "ha" },
      [
        "update elasticache/replicationGroup automaticFailoverEnabled,multiAzEnabled,numCacheClusters",
      ],
    ],
    [{ params: { rotation: 2 } }, ["update elasticache/replicationGroup authToken"]],
  ],
};

let rehearsal: RehearsalServer;
let workspace: ReturnType<typeof openWorkspace>;
beforeAll(async () => {
  const engine = await obtainEngine();
  rehearsal = await serveRehearsal();
  workspace = openWorkspace({ pulumi: engine.path, providers: `aws:${rehearsal.port}` });
});
afterAll(async () => {
  workspace?.close();
  await rehearsal?.close();
});

test.each(Object.entries(CHANGES))(
  "%s is built, is left alone the next time, and changes no more than it must",
  async (driver, changes) => {
    const stack = await workspace.stack(driver);
    const up = await stack.up(program(driver, {}));
    expect([up.code, up.diagnostics]).toEqual([0, ""]);
    const again = await stack.preview(program(driver, {}), "--expect-no-changes");
    expect([again.code, again.diagnostics]).toEqual([0, ""]);
    for (const [asked, expected] of changes) {
      const { code, all } = await stack.preview(program(driver, asked));
      const steps = all
        .filter(({ op }) => op === "update" || op === "replace" || op === "create")
        .map(({ op, type, diffs }) =>
          [op, type.replace(/^aws:|:\w+$/g, ""), diffs.toSorted().join()].join(" ").trim(),
        );
      expect([code, steps]).toEqual([0, expected]);
    }
  },
);
