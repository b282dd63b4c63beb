import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TestApi, apiOf } from "../../tools/test/api.ts";
import { type Document, type TestRoot, testRoot } from "../../tools/test/root.ts";
import {
  type ApiProxy,
  type Fault,
  type Seen,
  openApiProxy,
} from "../providers/kubernetes/api-proxy.ts";
import { readCheckpoint } from "../state/checkpoint.ts";
import { leaseOf } from "../state/lease.ts";

const NAME = "bad-cluster";
const DEPLOYMENT = `/apis/apps/v1/namespaces/${NAME}/deployments/${NAME}`;
const descriptor = (version: number): string => `apiVersion: platform.company.com/v1
kind: ServiceRequest
metadata:
  name: ${NAME}
spec:
  type: microservice
  language: node
  owner: shop
  image: ${image(version)}
`;

let folder: string;
let kubeconfig: string;
let proxy: ApiProxy;
let root: TestRoot;
let api: TestApi;
beforeAll(async () => {
  proxy = await openApiProxy(process.env["FAIRWAY_TEST_KUBECONFIG"]!);
  folder = mkdtempSync(path.join(tmpdir(), "fairway-proxied-"));
  kubeconfig = path.join(folder, "kubeconfig");
  writeFileSync(kubeconfig, proxy.kubeconfig);
  root = testRoot({ kubeconfig });
  api = await apiOf();
});
afterAll(async () => {
  proxy?.fault(() => undefined);
  await root?.fairway("destroy", "--all", "--yes");
  root?.remove();
  await proxy?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Wants another version of the service. */
const want = (version: number): void =>
  root.write(`services/${NAME}/service.yaml`, descriptor(version));
const image = (version: number): string => `registry.example.com/${NAME}:${version}.0`;
/** The service's objects without pods, which controllers replace. */
const lasting = async (): Promise<readonly string[]> =>
  (await api.objectsOf([NAME])).filter((object) => !object.startsWith("Pod "));
const images = async (): Promise<unknown> => {
  const template = (await api.get(DEPLOYMENT))?.spec?.["template"] as
    | { spec: { containers: readonly { image: string }[] } }
    | undefined;
  return template?.spec.containers.map(({ image }) => image);
};
const changes = ({ data }: Document): readonly unknown[] =>
  (data as { stacks: { changes: readonly { op: string }[] }[] }).stacks.flatMap((stack) =>
    stack.changes.filter(({ op }) => op !== "same" && op !== "read"),
  );
const checkpoint = (): string =>
  root.read(`.fairway/state/.pulumi/stacks/fairway/${NAME}.local.json`);
/** The state, whole: nothing half done, and nobody holds it. */
function expectWhole(): number {
  const checkpoint = readCheckpoint(path.join(root.folder, ".fairway/state"), `${NAME}.local`);
  expect(checkpoint?.pending).toEqual([]);
  expect(leaseOf(root.folder, `${NAME}.local`)).toBeUndefined();
  return checkpoint?.resources.filter(({ type }) => type.startsWith("kubernetes:")).length ?? 0;
}
const expectWell = async (...args: string[]): Promise<Document> => {
  const document = await root.json(...args);
  expect({ exit: document.exit, problems: document.problems }).toEqual({ exit: 0, problems: [] });
  return document;
};

/** What every other request meets the first time: each is passed over by trying again. */
const PASSING: readonly Fault[] = [
  { status: 429 },
  { status: 500 },
  { delay: 300 },
  { status: 503 },
  { status: 502 },
];
/** Faults on first requests in turn; tells how many were given. */
function misbehave(): () => number {
  const met = new Set<string>();
  let given = 0;
  proxy.fault(({ method, path: asked }) => {
    const key = `${method} ${asked.replace(/resourceVersion=\d+/, "")}`;
    if (met.has(key)) return undefined;
    met.add(key);
    return PASSING[given++ % PASSING.length];
  });
  return () => given;
}

/** From the moment that the Deployment is really to be changed on. */
function fromDeployment(fault: Fault): void {
  let begun = false;
  proxy.fault(({ method, path: asked }: Seen) => {
    begun ||= method === "PATCH" && asked.startsWith(DEPLOYMENT) && !asked.includes("dryRun");
    return begun ? fault : undefined;
  });
}

/** What an API server does that does not pass, and what a person is told. */
const LASTING: readonly (readonly [title: string, fault: Fault, told: RegExp])[] = [
  [
    "answers 500",
    { status: 500, headers: { "retry-after": "0" } },
    /: made to answer 500 \(500\)$/,
  ],
  [
    "cuts every connection",
    { cut: "before" },
    /the API server at http:\S+ \(context "proxied"\): the connection broke \(ECONNRESET: .*\)$/,
  ],
  [
    "no longer accepts the token",
    { status: 401 },
    /does not accept the credentials of user "proxied" of context "proxied" \(401\): they are wrong, revoked or expired; renew them and run again$/,
  ],
];

describe("`fairway up` on an API server that misbehaves", () => {
  test("ends well where it is slow, throttles and fails for a while", async () => {
    want(1);
    const given = misbehave();
    await expectWell("up", NAME);
    expect(given()).toBeGreaterThan(2 * PASSING.length);
    proxy.fault(() => undefined);
    expect(await images()).toEqual([image(1)]);
    expectWhole();
  });

  test.each(LASTING.map((row, index) => [...row, index + 2] as const))(
    "that %s from the middle of an update on: exit 1 with the reason, nothing is lost, and the next run ends clean",
    async (_, fault, told, version) => {
      const before = [await lasting(), await images()];
      const known = expectWhole();
      want(version);
      fromDeployment(fault);
      const { exit, problems } = await root.json("up", NAME);
      proxy.fault(() => undefined);
      expect(exit).toBe(1);
      expect(problems.map(({ code }) => code)).toEqual(["FW5010"]);
      expect(problems[0]?.message).toMatch(told);
      expect(problems[0]?.message).toContain(`Deployment ${NAME}`);
      expect(expectWhole()).toBe(known);
      expect([await lasting(), await images()]).toEqual(before);
      await expectWell("up", NAME);
      expect(await images()).toEqual([image(version)]);
    },
  );

  test("that cannot be reached, or accepts no token from the beginning: exit 1 with what to do before anything is changed", async () => {
    expect(changes(await expectWell("preview", NAME))).toEqual([]);
    want(9);
    const before = checkpoint();
    const refuse = async (told: RegExp): Promise<void> => {
      const { code, stdout, stderr } = await root.fairway("up", NAME);
      expect(code).toBe(1);
      expect(stdout + stderr).toMatch(told);
      expect(stdout + stderr).toContain("more with `fairway explain FW5010`");
      expect(checkpoint()).toBe(before);
    };
    proxy.fault(() => ({ status: 401 }));
    await refuse(/error FW5010: .* expired; renew them and run again$/m);
    proxy.fault(() => undefined);
    // Nothing listens there.
    writeFileSync(kubeconfig, proxy.kubeconfig.replace(/127\.0\.0\.1:\d+/, "127.0.0.1:1"));
    await refuse(
      /error FW5010: .* cannot be reached \(ECONNREFUSED\): is the cluster running, and is the address right\?$/m,
    );
    writeFileSync(kubeconfig, proxy.kubeconfig);
  });

  test("is destroyed without a rest while it is slow, throttles and fails for a while", async () => {
    const given = misbehave();
    await expectWell("destroy", NAME, "--yes");
    expect(given()).toBeGreaterThan(PASSING.length);
    proxy.fault(() => undefined);
    expect(await api.objectsOf([NAME])).toEqual([]);
  });
});
