import { accessSync, constants, statfsSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { clusterStatus } from "../../../tools/cluster/cluster.ts";
import { findEngine } from "../../../tools/engine/engine.ts";
import { cacheDir } from "../../../tools/setup/cache.ts";
import { findTool } from "../../../tools/setup/tool.ts";
import { run as runProcess } from "../../../tools/setup/run.ts";
import { NEEDS } from "../../../tools/setup/versions.ts";
import { style, table } from "../../report/style.ts";
import type { Run } from "../command.ts";
import { clusterFolder } from "../surroundings.ts";

/** One thing that Fairway needs. */
export interface Need {
  readonly name: string;
  readonly found: boolean;
  readonly version?: string;
  readonly path?: string;
  /** Command or words that mend it, where it is missing. */
  readonly mend?: string;
  /** Not needed where another need is met. */
  readonly optional: boolean;
}

const GIB = 2 ** 30;

/** `fairway doctor`: exit 1 where something is missing that nothing else makes up for. */
export const run: Run = async (context) => {
  const engine = await findEngine();
  const binaries = await findTool("cluster");
  const go = await goNeed(engine !== undefined && binaries !== undefined);
  const status = await clusterStatus(clusterFolder(context));
  const cache = cacheDir();
  const needs: Need[] = [
    {
      name: "Node",
      found: atLeast(process.versions.node, NEEDS.node),
      version: process.versions.node,
      path: process.execPath,
      mend: `install Node ${NEEDS.node} or newer`,
      optional: false,
    },
    go,
    engine
      ? {
          name: "Pulumi engine",
          found: true,
          version: engine.version,
          path: engine.path,
          optional: false,
        }
      : {
          name: "Pulumi engine",
          found: false,
          mend: go.found
            ? "npm start"
            : "put `pulumi` 3.255 or newer on PATH; or install Go with access to a module proxy, then npm start",
          optional: go.found,
        },
    binaries
      ? {
          name: "cluster binaries",
          found: true,
          version: binaries.version,
          path: path.dirname(Object.values(binaries.bin)[0]!),
          optional: false,
        }
      : {
          name: "cluster binaries",
          found: false,
          mend: go.found ? "npx fairway cluster up" : "install Go, then npx fairway cluster up",
          optional: go.found,
        },
    {
      name: "control plane",
      found: status.state === "running",
      ...(status.server && { path: status.server }),
      version: status.version,
      mend: "npx fairway cluster up",
      optional: true,
    },
    await portsNeed(),
    ...[context.root, cache].map((folder) => writeNeed(folder)),
    diskNeed(context.root),
  ];
  const missing = needs.filter((need) => !need.found && !need.optional);
  return { exit: missing.length > 0 ? 1 : 0, data: { needs }, text: text(needs, context.color) };
};

/** Whether a version, such as `20.20.2`, is not older than another. */
export function atLeast(version: string, least: string): boolean {
  const [have, want] = [version, least].map((each) => each.split(".").map(Number));
  for (let i = 0; i < want!.length; i++) {
    if ((have![i] ?? 0) !== want![i]) return (have![i] ?? 0) > want![i]!;
  }
  return true;
}

async function goNeed(built: boolean): Promise<Need> {
  const mend = `install Go ${NEEDS.go} or newer (https://go.dev/dl)`;
  const asked = await runProcess("go", ["env", "GOVERSION", "GOROOT"], { timeoutMs: 10_000 });
  if (asked.code !== 0) return { name: "Go", found: false, mend, optional: built };
  const [version = "", root = ""] = asked.stdout.trim().replace(/^go/, "").split("\n");
  const found = atLeast(version, NEEDS.go);
  return { name: "Go", found, version, path: path.join(root, "bin", "go"), mend, optional: built };
}

/** Whether daemons can listen on this machine; which ports they take is found when they start. */
async function portsNeed(): Promise<Need> {
  const server = createServer();
  const found = await new Promise<boolean>((resolve) => {
    server.on("error", () => resolve(false));
    server.listen(0, "127.0.0.1", () => resolve(true));
  });
  server.close();
  const mend = "let programs listen on 127.0.0.1";
  return { name: "ports", found, version: "127.0.0.1", mend, optional: false };
}

function writeNeed(folder: string): Need {
  let existing = folder;
  while (!exists(existing) && existing !== path.dirname(existing))
    existing = path.dirname(existing);
  const found = can(existing, constants.W_OK);
  return {
    name: "write access",
    found,
    path: folder,
    mend: `make ${existing} writable for you`,
    optional: false,
  };
}

const exists = (folder: string): boolean => can(folder, constants.F_OK);

function can(folder: string, mode: number): boolean {
  try {
    accessSync(folder, mode);
    return true;
  } catch {
    return false;
  }
}

function diskNeed(folder: string): Need {
  const { bavail, bsize } = statfsSync(folder);
  const free = (bavail * bsize) / GIB;
  return {
    name: "disk",
    found: free >= 5,
    version: `${free.toFixed(1)} GiB free`,
    path: folder,
    mend: "free 5 GiB: the tools and their build caches need that much",
    optional: false,
  };
}

function text(needs: readonly Need[], color: boolean): string {
  const s = style(color);
  return table(
    needs.map((need) => [
      need.found ? s.green("✓") : need.optional ? s.yellow("-") : s.red("✗"),
      need.name,
      need.version ?? "",
      need.found ? (need.path ?? "") : `${s.cyan("fix:")} ${need.mend ?? ""}`,
    ]),
  );
}
