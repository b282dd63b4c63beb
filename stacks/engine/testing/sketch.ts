import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { checkoutRoot } from "../../../tools/setup/checkout.ts";
import type { Environment } from "../../contract/environment.ts";
import { FairwayError } from "../../contract/problem.ts";
import type { Consent } from "../../contract/service.ts";
import type { Plan } from "../../contract/plan.ts";
import type { Workspace } from "../../contract/workspace.ts";
import { loadWorkspace } from "../../load/workspace.ts";
import { planWorkspace } from "../../plan/workspace.ts";

/** A service as a test edits it; written as YAML of either kind. */
export interface Sketch {
  readonly name: string;
  readonly was?: readonly string[];
  readonly folder: string;
  readonly kind: "ServiceRequest" | "Score";
  readonly cpu: string;
  /** Score only: name of the container. Default `main`. */
  readonly container?: string;
  /** Score only: replicas with data of their own, in this use. */
  readonly keeps?: string;
  readonly uses: Readonly<Record<string, SketchUse>>;
  readonly consents?: readonly Consent[];
  readonly consumes?: readonly string[];
}

export interface SketchUse {
  readonly type: string;
  readonly class?: string;
  readonly id?: string;
  readonly size?: string;
  readonly engine?: string;
  readonly was?: readonly string[];
}

const IMAGE = `registry.example.com/app:1@sha256:${"a".repeat(64)}`;

/** The descriptor's file and text. */
function descriptorOf(sketch: Sketch): { file: string; text: string } {
  const folder = `services/${sketch.folder}`;
  const { name, was, cpu, consents = [], consumes = [] } = sketch;
  const paramsOf = ({ size, engine }: SketchUse) =>
    size === undefined && engine === undefined
      ? {}
      : {
          params: { ...(size !== undefined && { size }), ...(engine !== undefined && { engine }) },
        };
  if (sketch.kind === "ServiceRequest") {
    const uses = Object.fromEntries(
      Object.entries(sketch.uses).map(([key, use]) => [
        key,
        {
          ...(use.was && { was: use.was }),
          type: use.type,
          ...(use.class !== undefined && { class: use.class }),
          ...(use.id !== undefined && { id: use.id }),
          ...paramsOf(use),
        },
      ]),
    );
    const document = {
      apiVersion: "platform.company.com/v1",
      kind: "ServiceRequest",
      metadata: { name, ...(was && { was }) },
      spec: {
        type: "worker",
        owner: "shop",
        image: IMAGE,
        resources: { cpu },
        uses,
        ...(consents.length > 0 && { consents }),
        ...(consumes.length > 0 && { consumes }),
      },
    };
    return { file: `${folder}/service.yaml`, text: JSON.stringify(document, undefined, 1) };
  }
  const annotations = {
    "fairway.dev/type": sketch.keeps === undefined ? "worker" : "stateful",
    ...(was && { "fairway.dev/was": was.join(", ") }),
    ...(consents.length > 0 && {
      "fairway.dev/consents": consents
        .map((one) => `${one.action} ${one.resource} until ${one.until}: ${one.reason}`)
        .join("\n"),
    }),
  };
  const resources = Object.fromEntries([
    ...Object.entries(sketch.uses).map(([key, use]) => [
      key,
      {
        type: use.type,
        ...(use.class !== undefined && { class: use.class }),
        ...(use.id !== undefined && { id: use.id }),
        ...paramsOf(use),
        ...(use.was && { metadata: { annotations: { "fairway.dev/was": use.was.join(", ") } } }),
      },
    ]),
    ...consumes.map((other) => [`to-${other}`, { type: "service", params: { service: other } }]),
  ]);
  const document = {
    apiVersion: "score.dev/v1b1",
    metadata: { name, owner: "shop", annotations },
    containers: {
      [sketch.container ?? "main"]: {
        image: IMAGE,
        resources: { requests: { cpu } },
        ...(sketch.keeps !== undefined && {
          volumes: { "/data": { source: `\${resources.${sketch.keeps}}` } },
        }),
      },
    },
    resources,
  };
  return { file: `${folder}/score.yaml`, text: JSON.stringify(document, undefined, 1) };
}

/** An environment of the repository that protects data, as text. */
const environmentText = (name: string): string =>
  readFileSync(join(checkoutRoot(), "environments", `${name}.yaml`), "utf8").replace(
    "stateful: disposable",
    "stateful: protect",
  );

/** Sketches and the environment that they are deployed in, through the loader. */
export async function workspaceOf(
  sketches: readonly Sketch[],
  environment: string,
): Promise<Workspace> {
  const root = mkdtempSync(join(tmpdir(), "fairway-sketch-"));
  const files = [
    { file: `environments/${environment}.yaml`, text: environmentText(environment) },
    ...sketches.map(descriptorOf),
  ];
  try {
    for (const { file, text } of files) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    }
    const workspace = await loadWorkspace(root);
    if (workspace.problems.length > 0) throw new FairwayError(workspace.problems);
    return workspace;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Their plans: the services', of what they share, and the platform's. */
export async function plansOf(
  sketches: readonly Sketch[],
  environment: string,
  today?: string,
): Promise<{
  plans: readonly Plan[];
  shared: readonly Plan[];
  platform: readonly Plan[];
  environment: Environment;
}> {
  const workspace = await workspaceOf(sketches, environment);
  const { plans, problems } = planWorkspace(workspace, {
    environments: [environment],
    ...(today !== undefined && { today }),
  });
  if (problems.length > 0) throw new FairwayError(problems);
  return {
    plans: plans.filter(({ kind }) => kind === "service"),
    shared: plans.filter(({ kind }) => kind === "shared"),
    platform: plans.filter(({ kind }) => kind === "platform"),
    environment: workspace.environments[environment]!,
  };
}
