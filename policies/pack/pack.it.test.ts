import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { credentials } from "@grpc/grpc-js";
import analyzerGrpc from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import analyzer from "@pulumi/pulumi/proto/analyzer_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { ResourceView } from "../../stacks/contract/finding.ts";
import { settingsOf } from "../../stacks/judge/settings.ts";
import { type Carrier, type OpenHearing, startCarrier } from "../../stacks/judge/start-carrier.ts";
import { type Bench, makeBench } from "../../stacks/judge/testing.ts";
import { UNKNOWN } from "../../stacks/contract/value.ts";
import { loadWorkspace } from "../../stacks/load/workspace.ts";
import { checkoutRoot } from "../../tools/setup/checkout.ts";
import { RULES } from "../rules/index.ts";
import { fixture, KINDS, stack } from "../rules/lib/fixture.ts";
import { POD_TYPES } from "../rules/lib/pods.ts";

const root = checkoutRoot();
const policies = join(root, "policies");
/** What Pulumi's Node host starts for a pack whose `main` is pack/main.mjs. */
const HOST = [
  join(root, "node_modules/@pulumi/pulumi/cmd/run-policy-pack"),
  "127.0.0.1:1",
  join(policies, "pack/main.mjs"),
];
const env = { ...process.env, FAIRWAY_ROOT: root };

let bench: Bench;
let carrier: Carrier;
let hearing: OpenHearing;
let host: ChildProcess;
let pack: Judge;
let own: Judge;

beforeAll(async () => {
  bench = await makeBench();
  carrier = await startCarrier();
  const { prod } = (await loadWorkspace(root)).environments;
  hearing = await carrier.open({
    stack: "shop.prod",
    settings: settingsOf(prod!),
    verdictsFile: join(bench.dir, "verdicts.jsonl"),
  });
  own = judgeAt(hearing.port);
  const child = spawn(process.execPath, HOST, {
    cwd: policies,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  host = child;
  const [port] = (await once(child.stdout, "data")) as [Buffer];
  pack = judgeAt(Number(port));
});
afterAll(async () => {
  own?.close();
  pack?.close();
  host?.kill();
  await hearing?.close();
  await carrier?.stop();
  bench?.remove();
});

type Judge = ReturnType<typeof judgeAt>;

/** Asks an Analyzer as the engine does; answers with mandatory violations, sorted. */
function judgeAt(port: number) {
  const client = new analyzerGrpc.AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure());
  const mandatory = (response: analyzer.AnalyzeResponse) =>
    response
      .getDiagnosticsList()
      .filter((one) => one.getEnforcementlevel() === analyzer.EnforcementLevel.MANDATORY)
      .map((one) => `${one.getUrn()} ${one.getPolicyname()} ${one.getMessage()}`)
      .sort();
  const answer = (
    ask: (reply: (error: Error | null, value: analyzer.AnalyzeResponse) => void) => void,
  ) =>
    new Promise<string[]>((resolve, reject) => {
      ask((error, value) => (error ? reject(error) : resolve(mandatory(value))));
    });
  return {
    resource: ({ urn, type, name, props }: ResourceView) =>
      answer((reply) =>
        client.analyze(
          new analyzer.AnalyzeRequest()
            .setUrn(urn)
            .setType(type)
            .setName(name)
            .setProperties(structOf(props))
            .setOptions(OPTIONS),
          reply,
        ),
      ),
    stack: (resources: readonly ResourceView[]) =>
      answer((reply) =>
        client.analyzeStack(
          new analyzer.AnalyzeStackRequest().setResourcesList(
            resources.map(({ urn, type, name, props }) =>
              new analyzer.AnalyzerResource()
                .setUrn(urn)
                .setType(type)
                .setName(name)
                .setProperties(structOf(props))
                .setOptions(OPTIONS),
            ),
          ),
          reply,
        ),
      ),
    info: () =>
      new Promise<analyzer.AnalyzerInfo.AsObject>((resolve, reject) => {
        client.getAnalyzerInfo(new Empty(), (error, value) =>
          error ? reject(error) : resolve(value.toObject()),
        );
      }),
    close: () => client.close(),
  };
}

const { responseType: Empty } = analyzerGrpc.AnalyzerService.configure as unknown as {
  readonly responseType: new () => never;
};
const structOf = (props: ResourceView["props"]) =>
  // Through JSON, which has no holes in lists.
  struct.Struct.fromJavaScript(
    JSON.parse(JSON.stringify(props)) as Parameters<typeof struct.Struct.fromJavaScript>[0],
  );

/** What the SDK demands of an engine that is new enough. */
const OPTIONS = new analyzer.AnalyzerResourceOptions().setCustomtimeouts(
  new analyzer.AnalyzerResourceOptions.CustomTimeouts(),
);

/** Every compliant object with each of its values taken away; Deployments, and what has no pod, also with each made true or unknown. */
function* mutants(): Generator<ResourceView> {
  for (const kind of KINDS) {
    const whole = fixture(kind);
    yield whole;
    for (const path of leaves(whole.props))
      for (const value of POD_TYPES.includes(whole.type) && kind !== "apps/v1:Deployment"
        ? [undefined]
        : [undefined, true, UNKNOWN])
        yield fixture(kind, { [path]: value });
  }
}

function leaves(value: unknown, path = ""): string[] {
  if (typeof value !== "object" || value === null) return [path];
  const own = path === "" ? [] : [path];
  if (Array.isArray(value))
    return [...own, ...value.flatMap((item, index) => leaves(item, `${path}[${index}]`))];
  return [
    ...own,
    ...Object.entries(value).flatMap(([key, member]) =>
      leaves(member, /^[\w-]+$/.test(key) ? `${path}${path && "."}${key}` : `${path}["${key}"]`),
    ),
  ];
}

/** The pods of the Pod Security Standards, where they are at hand. */
function foreignPods(): ResourceView[] {
  const folder = join(root, "../shared/fixtures/pod-security");
  if (!existsSync(folder)) return [];
  const type = "kubernetes:core/v1:Pod";
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => ({
      urn: `urn:pulumi:shop.prod::fairway::${type}::pod`,
      type,
      name: "pod",
      props: parse(readFileSync(join(folder, file), "utf8")) as ResourceView["props"],
    }));
}

describe("the CrossGuard pack, as an ordinary Pulumi runs it", () => {
  test("finds the mandatory violations that the carrier finds, and no others", async () => {
    let violations = 0;
    for (const resource of [...mutants(), ...foreignPods()]) {
      const [theirs, ours] = await Promise.all([pack.resource(resource), own.resource(resource)]);
      expect([resource, theirs]).toEqual([resource, ours]);
      violations += ours.length;
    }
    expect(violations).toBeGreaterThan(500);
  });

  test("finds the same in whole stacks", async () => {
    const stacks = [
      stack(),
      ...["spec.replicas", "spec.template.metadata.labels", "metadata.namespace"].flatMap((path) =>
        [1, UNKNOWN].map((value) => stack(fixture("apps/v1:Deployment", { [path]: value }))),
      ),
      stack(fixture("networking.k8s.io/v1:NetworkPolicy", { "spec.ingress": [{}] })),
      stack(fixture("networking.k8s.io/v1:NetworkPolicy", { spec: UNKNOWN })),
      stack(fixture("policy/v1:PodDisruptionBudget", { "spec.maxUnavailable": 0 })),
    ];
    let violations = 0;
    for (const resources of stacks) {
      const [theirs, ours] = await Promise.all([pack.stack(resources), own.stack(resources)]);
      expect(theirs).toEqual(ours);
      violations += ours.length;
    }
    expect(violations).toBeGreaterThan(5);
  });

  test("says of every rule what it is", async () => {
    const { name, policiesList } = await pack.info();
    expect(name).toBe("fairway");
    expect(policiesList.map((policy) => policy.name)).toEqual(RULES.map((rule) => rule.name));
    expect(policiesList[0]).toMatchObject({
      description: RULES[0]!.description,
      enforcementlevel: analyzer.EnforcementLevel.MANDATORY,
      severity: analyzer.PolicySeverity.POLICY_SEVERITY_CRITICAL,
      remediationSteps: RULES[0]!.fix,
    });
  });

  test("fails a preview of the real engine, and lets a compliant one through", async () => {
    const shim = join(bench.dir, "pack");
    const host = HOST.map((part, i) => (i === 1 ? '"$1"' : `"${part}"`)).join(" ");
    writeFileSync(
      shim,
      `#!/bin/sh\ncd "${policies}" && FAIRWAY_ROOT="${root}" exec "${process.execPath}" ${host}\n`,
      { mode: 0o700 },
    );
    const pod = (changes = {}) => {
      const { type, props } = fixture("core/v1:Pod", changes);
      return [{ type, name: "pod", props }];
    };
    const levels = (events: Awaited<ReturnType<Bench["run"]>>["events"]) =>
      events.flatMap(({ policyEvent: one }) =>
        one ? `${one.policyName} ${one.enforcementLevel}` : [],
      );
    const bad = await bench.run(
      "preview",
      "bad.prod",
      pod({ "spec.containers[0].securityContext.privileged": true }),
      [shim],
    );
    expect(bad.code).not.toBe(0);
    expect(levels(bad.events)).toEqual(["privileged mandatory", "network-policy-covers mandatory"]);
    const nowhere = await bench.run("preview", "bad.nowhere", pod(), [shim]);
    expect(nowhere.code).not.toBe(0);
    expect(nowhere.output).toContain("FW4007");
  });
});
