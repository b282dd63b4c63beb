import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { drive, requestOf } from "../tools/test/pod/objects.ts";
import { IMAGES } from "./images.ts";
import { referencesOf, isTemplate } from "../stacks/contract/value.ts";
import type { Driver } from "../stacks/contract/driver.ts";
import { CATALOG, findDriver } from "./catalog.ts";
import { REGISTRY } from "./registry.ts";

/** Outputs that an implementation of Score's types should answer; after the bar what Fairway adds. */
const OUTPUTS: Readonly<Record<string, string>> = {
  volume: "source",
  "service-port": "hostname port",
  dns: "host url",
  route: "| host path",
  postgres: "host port name database username password",
  "postgres-instance": "host port username password",
  mssql: "server port connection database username password",
  mysql: "host port name database username password",
  redis: "host port username password",
  mongodb: "host port username password connection",
  amqp: "host port vhost username password",
  "kafka-topic": "host port name num_partitions",
  s3: "bucket access_key_id secret_key endpoint region aws_access_key_id aws_secret_key",
  environment: "| name domain namespace",
  endpoint: "url | name",
  "horizontal-pod-autoscaler": "| min max cpu",
  "llm-model": "model url api-key",
  service: "name",
  secret: "| value",
  sqs: "| url arn name region dead_letter_url",
  sns: "| arn name region",
  dynamodb: "| table name arn region",
};

/** Components of plans that answer no resource type. */
const NOUNS = [
  "aws-cluster",
  "aws-defaults",
  "aws-domain",
  "aws-files",
  "aws-keys",
  "aws-network",
  "cloud-network",
  "eks-objects",
  "job",
  "monitoring",
  "platform",
  "scheduled-job",
  "stateful",
  "tenancy",
  "web-service",
  "worker",
  "workload-identity",
];

/** Params that a driver cannot do without. */
const NEEDED: Readonly<Record<string, Record<string, string>>> = {
  "service-port": { workload: "shop-api" },
  service: { service: "shop-api" },
  endpoint: { service: "shop-api" },
};

test("every resource type is answered with exactly the outputs of the table", () => {
  const words = (text: string) => text.split(/[ |]+/).filter(Boolean).toSorted();
  expect(new Set(CATALOG.map(({ type }) => type))).toEqual(new Set(Object.keys(OUTPUTS)));
  for (const { type, name, outputs } of CATALOG)
    expect([name, Object.keys(outputs).toSorted()]).toEqual([name, words(OUTPUTS[type] ?? "")]);
});

test("names are unique and sorted, so that a list of them is easy to read", () => {
  const files = CATALOG.map(({ name }) => name);
  expect(new Set(files).size).toBe(files.length);
  expect(files).toEqual(files.toSorted());
  expect(findDriver("postgres-cluster")?.type).toBe("postgres");
  expect(findDriver("toString")).toBeUndefined();
});

test("a driver that builds has a line in the registry, and every other line is a component of plans", () => {
  const building = CATALOG.filter(
    (face) => face.plan(requestOf(face, NEEDED[face.name])).args !== undefined,
  );
  const keys = building.map(({ name, component = name }) => component);
  expect([...new Set(keys), ...NOUNS].toSorted()).toEqual(Object.keys(REGISTRY).toSorted());
});

test("no image is `latest` and every image names its registry", () => {
  for (const image of Object.values(IMAGES))
    expect(image).toMatch(/^[a-z0-9.]+\.[a-z]+\/[a-z0-9._/-]+:(?!latest$)[\w.-]+$/);
});

const named = (faces: readonly Driver[]) => faces.map((face) => [face.name, face] as const);

describe.each(named(CATALOG))("%s", (name, face) => {
  const needed = NEEDED[name] ?? {};
  const answer = (params = {}) => face.plan(requestOf(face, { ...needed, ...params }));

  test("answers the outputs it declares, and only what is declared secret is secret", () => {
    const { outputs } = answer();
    expect(Object.keys(outputs).toSorted()).toEqual(Object.keys(face.outputs).toSorted());
    for (const [output, value] of Object.entries(outputs)) {
      const references = isTemplate(value) ? referencesOf(value) : [];
      expect([output, references.some(({ secret }) => secret)]).toEqual([
        output,
        face.outputs[output]?.secret,
      ]);
    }
  });

  test("is pure: the same request gives the same plain data", () => {
    expect(answer()).toEqual(answer());
    expect(JSON.parse(JSON.stringify(answer()))).toEqual(answer());
  });

  test("names a proof that exists, or says that there is none", () => {
    const { kind, test: file } = face.proof;
    expect(file !== undefined).toBe(kind === "real-server");
    expect(file === undefined || existsSync(file)).toBe(true);
  });
});

describe.each(named(CATALOG.filter(({ cloud }) => cloud !== undefined)))(
  "%s in the cloud",
  (_, face) => {
    const { iam = [], costs = [] } = face.plan(requestOf(face, NEEDED[face.name]));

    test("says of every statement what it is for, and of every wildcard why", () => {
      expect(new Set(iam.map(({ sid }) => sid)).size).toBe(iam.length);
      for (const { sid, actions, resources, reason, wildcard } of iam) {
        expect(sid).toMatch(/^[A-Za-z0-9]+$/);
        expect(reason).not.toBe("");
        expect(actions.length).toBeGreaterThan(0);
        for (const action of actions) expect(action).toMatch(/^[a-z0-9-]+:[A-Za-z]+$/);
        const wild = resources.some((text) => /[*?]/.test(JSON.stringify(text)));
        expect([sid, wildcard !== undefined]).toEqual([sid, wild]);
      }
    });

    test("counts what it costs in units of the price table", () => {
      for (const { sku, quantity } of costs) {
        expect(sku).toMatch(/^[a-z0-9]+(\.[a-z0-9-]+)+$/);
        expect(quantity).toBeGreaterThanOrEqual(0);
      }
    });
  },
);

test.each(named(CATALOG.filter(({ type }) => type !== "environment")))(
  "%s refuses a param it does not know",
  (name, face) => {
    expect(face.params.safeParse({ ...NEEDED[name], sise: "small" }).success).toBe(false);
  },
);

test.each(
  named(
    CATALOG.filter(
      ({ rotation, cloud }) => (rotation === "server" || rotation === "restart") && !cloud,
    ),
  ),
)(
  "%s has another revision, and another password, when the rotation is raised",
  async (name, face) => {
    const secret = Object.entries(face.outputs).find(([, output]) => output.secret)?.[0] ?? "";
    const [first, second] = [await drive(name), await drive(name, { rotation: 2 })];
    expect(first.outputs[secret]).toMatch(/[A-Za-z0-9]{24}/);
    expect(second.outputs[secret]).toMatch(/[A-Za-z0-9]{24}/);
    expect(second.outputs[secret]).not.toBe(first.outputs[secret]);
    const revision = (rotation: number) => face.plan(requestOf(face, { rotation })).revision;
    expect(revision(2)).not.toBe(revision(1));
    for (const rotation of [0, 1.5, -1])
      expect(face.params.safeParse({ rotation }).success).toBe(false);
  },
);

test("another service that the environment does not have is refused by name", () => {
  const service = findDriver("service");
  expect(() => service?.plan(requestOf(service, { service: "nobody" }))).toThrow(/FW3051.*nobody/);
  const port = findDriver("service-port");
  expect(() => port?.plan(requestOf(port, { workload: "shop-api", port: 81 }))).toThrow(
    /FW3052.*81.*web \(80\)/,
  );
});

test("calling another service adds an edge to its pods and a stack that comes first", () => {
  const service = findDriver("service");
  const request = service && requestOf(service, { service: "shop-web" });
  expect(request && service?.plan(request)).toMatchObject({
    outputs: { name: "shop-web.shop-web.svc" },
    edges: [{ to: { kind: "stack", stack: "shop-web.test", item: "workload" }, port: 8080 }],
    dependsOn: ["shop-web.test"],
  });
});
