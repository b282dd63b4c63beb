import { execFile } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { derivePassword } from "../../components/base/password.ts";
import { obtainEngine } from "../../tools/engine/engine.ts";
import { entry } from "../../tools/setup/build.mjs";
import { checkoutRoot } from "../../tools/setup/checkout.ts";
import { loadWorkspace } from "../load/workspace.ts";
import { planWorkspace } from "../plan/workspace.ts";
import { type Served, serveKubernetes } from "../providers/kubernetes/index.ts";
import { type RehearsalServer, serveRehearsal } from "../providers/rehearsal/index.ts";
import { record } from "../record/record.ts";
import { type LanguageHost, serveLanguageHost } from "./harness.ts";

const STACK = "user-service.local";
/** In an environment that protects data. */
const PROTECTED = "user-service.prod";
const MAIN = "stacks/program/main.mjs";
const key = "5e".repeat(32);

/** What `pulumi preview --json` says of a resource. */
interface Step {
  readonly op: string;
  readonly urn: string;
  readonly newState?: {
    readonly type: string;
    readonly protect?: boolean;
    readonly dependencies?: readonly string[];
  };
}

describe("the standard way: pulumi preview --stack <service>.<environment>", () => {
  let folder: string;
  let engine: string;
  let provider: Served;
  /** Stands for the account: no plugin of AWS is installed here. */
  let account: RehearsalServer;
  let host: LanguageHost;
  let env: Record<string, string>;

  beforeAll(async () => {
    // A checkout as Pulumi sees one, with the code of this one and services of its own.
    const root = checkoutRoot();
    folder = realpathSync(mkdtempSync(join(tmpdir(), "fairway-standard-")));
    for (const file of ["Pulumi.yaml", "package.json"])
      copyFileSync(join(root, file), join(folder, file));
    for (const code of ["node_modules", "stacks", "tools"])
      symlinkSync(join(root, code), join(folder, code));
    for (const data of [".github", "environments", "services/user-service"])
      cpSync(join(root, data), join(folder, data), { recursive: true });
    // The control plane of this test run holds no pull secret.
    const prod = join(folder, "environments/prod.yaml");
    writeFileSync(
      prod,
      readFileSync(prod, "utf8").replace("pullSecrets: [registry]", "pullSecrets: []"),
    );
    lead("arn:aws:eks:eu-central-1:333333333333:cluster/company-prod");
    mkdirSync(join(folder, "state"));
    engine = (await obtainEngine({})).path;
    const { PATH = "", HOME = "", XDG_CACHE_HOME } = process.env;
    env = {
      PATH: `${dirname(engine)}:${PATH}`,
      HOME,
      ...(XDG_CACHE_HOME !== undefined && { XDG_CACHE_HOME }),
      PULUMI_HOME: join(folder, "home"),
      PULUMI_BACKEND_URL: `file://${folder}/state`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PULUMI_DIY_BACKEND_NO_LEGACY_WARNING: "true",
      FAIRWAY_KEY: key,
      KUBECONFIG: join(folder, "kubeconfig"),
    };
    provider = await serveKubernetes({ kubeconfig: process.env["FAIRWAY_TEST_KUBECONFIG"] });
    account = await serveRehearsal({ world: join(folder, "world") });
    env["PULUMI_DEBUG_PROVIDERS"] = `kubernetes:${provider.port},aws:${account.port}`;
    host = await serveLanguageHost(folder, MAIN, env);
    for (const stack of [STACK, PROTECTED]) await pulumi(["stack", "init", stack, "--no-select"]);
  });
  afterAll(async () => {
    host?.close();
    await provider?.close();
    await account?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  /** Makes the current context lead to a cluster of that name. */
  const lead = (cluster: string) =>
    writeFileSync(
      join(folder, "kubeconfig"),
      JSON.stringify({
        "current-context": "mine",
        contexts: [{ name: "mine", context: { cluster, user: "me" } }],
      }),
    );
  const pulumi = (args: readonly string[]) =>
    promisify(execFile)(engine, args, { cwd: folder, env, maxBuffer: 2 ** 26, timeout: 120_000 });
  const preview = async (stack = STACK, ...more: readonly string[]) => {
    const client = `--client=127.0.0.1:${host.port}`;
    const args = ["preview", "--json", "--stack", stack, client, ...more];
    const answer = await pulumi(args).catch((error: { stdout: string; stderr: string }) => error);
    const { steps = [] } = JSON.parse(answer.stdout) as { steps?: readonly Step[] };
    return { failed: answer instanceof Error, steps, printed: answer.stdout + answer.stderr };
  };

  it("registers what Fairway's own engine room registers", async () => {
    const { failed, steps, printed } = await preview();
    expect({ failed, why: failed && printed + host.printed() }).toEqual({
      failed: false,
      why: false,
    });
    const workspace = await loadWorkspace(folder);
    const { plans } = planWorkspace(workspace, { environments: ["local"] });
    const plan = plans.find(({ stack }) => stack === STACK)!;
    expect(steps.every(({ op }) => op === "create")).toBe(true);
    expect(steps.map(({ urn }) => urn).sort()).toEqual((await record(plan)).map(({ urn }) => urn));
  });

  it("derives passwords from what the last update remembered", async () => {
    /** What the program registers of the database's Secret, in clear. */
    const registered = async (): Promise<string> => {
      const file = join(folder, "plan.json");
      await preview(STACK, "--show-secrets", "--save-plan", file);
      const { resourcePlans } = JSON.parse(readFileSync(file, "utf8")) as {
        resourcePlans: Readonly<Record<string, unknown>>;
      };
      const found = Object.entries(resourcePlans).filter(([urn]) =>
        urn.endsWith("::user-service-database-secret"),
      );
      return JSON.stringify(found);
    };
    /** As Kubernetes writes it. */
    const derived = (identity: string) =>
      Buffer.from(derivePassword(Buffer.from(key, "hex"), identity, 1)).toString("base64");
    const [first, former] = ["local/postgres.default#user-service.database", "what it began as"];
    expect(await registered()).toContain(derived(first));
    const empty = JSON.parse((await pulumi(["stack", "export", "--stack", STACK])).stdout) as {
      version: number;
      deployment: Readonly<Record<string, unknown>>;
    };
    const type = "pulumi:pulumi:Stack";
    const recorded = {
      urn: `urn:pulumi:${STACK}::fairway::${type}::fairway-${STACK}`,
      type,
      custom: false,
      outputs: { identities: JSON.stringify({ database: former }) },
    };
    const put = (deployment: Readonly<Record<string, unknown>>) => {
      const file = join(folder, "deployment.json");
      writeFileSync(file, JSON.stringify({ ...empty, deployment }));
      return pulumi(["stack", "import", "--stack", STACK, "--file", file]);
    };
    await put({ ...empty.deployment, resources: [recorded] });
    try {
      expect(await registered()).toContain(derived(former));
    } finally {
      await put({ ...empty.deployment, resources: [] });
    }
  });

  it("protects what holds data, and builds the walls first", async () => {
    const { failed, steps, printed } = await preview(PROTECTED);
    expect({ failed, why: failed && printed + host.printed() }).toEqual({
      failed: false,
      why: false,
    });
    const states = steps.flatMap(({ newState }) => newState ?? []);
    const guarded = new Set(states.filter(({ protect }) => protect).map(({ type }) => type));
    expect([...guarded].sort()).toEqual([
      "aws:elasticache/replicationGroup:ReplicationGroup",
      "aws:rds/instance:Instance",
      "kubernetes:core/v1:Namespace",
    ]);
    const deployment = states.find(({ type }) => type === "kubernetes:apps/v1:Deployment");
    const before = (deployment?.dependencies ?? []).map((urn) => urn.split("::").at(-1));
    expect(before).toEqual(
      expect.arrayContaining([
        "user-service-tenancy-namespace",
        "user-service-tenancy-policy-default-deny",
        "user-service-tenancy-quota",
      ]),
    );
  });

  it("refuses a current context that leads to another cluster than the environment's", async () => {
    lead("arn:aws:eks:eu-central-1:111111111111:cluster/company-dev");
    const { failed, printed } = await preview(PROTECTED);
    expect(failed).toBe(true);
    expect(printed).toMatch(
      /FW5901 the current context mine of .* leads to the cluster .*company-dev/,
    );
  });

  it("fails at the descriptor's line, as the command line does", async () => {
    const file = join(folder, "services/user-service/service.yaml");
    const before = readFileSync(file, "utf8");
    writeFileSync(file, before.replace("language: java", "language: cobol"));
    try {
      const { failed, printed } = await preview();
      expect(failed).toBe(true);
      expect(printed).toMatch(/services\/user-service\/service\.yaml:\d+:\d+: FW\d{4} .*cobol/);
    } finally {
      writeFileSync(file, before);
    }
  });

  it("loads no code of the engine room", () => {
    const seen = new Set<string>();
    const visit = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const [, chunk] of readFileSync(file, "utf8").matchAll(
        /(?:from|import)\s*\(?"(\.[^"]+)"/g,
      ))
        visit(join(dirname(file), chunk!));
    };
    visit(entry("program"));
    const sources = [...seen]
      .flatMap((file) => [...readFileSync(file, "utf8").matchAll(/^\/\/ (stacks\/\S+)$/gm)])
      .map(([, source]) => source!);
    expect(sources).toContain("stacks/program/program.ts");
    expect(sources.filter((source) => /^stacks\/(engine|cli|judge)\//.test(source))).toEqual([]);
  });
});
