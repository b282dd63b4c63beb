import { execFileSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import type { Change } from "../../stacks/contract/result.ts";
import { isOp } from "../../stacks/report/summary.ts";
import { checkoutRoot } from "../setup/checkout.ts";
import { testRoot, type Document, type Ran, type TestRoot } from "./root.ts";

/** A stack in the document of a run. */
type Stack = { stack: string; status: string; changes: Change[]; problems: { code: string }[] };
/** The stacks of a run. */
export const stacksOf = ({ data }: Document): Stack[] => (data?.["stacks"] ?? []) as Stack[];
/** What a run does, a line for each resource. */
export const changesOf = (document: Document): string[] =>
  stacksOf(document).flatMap(({ stack, changes }) =>
    changes
      .filter(({ op }) => isOp(op))
      .map(({ op, type, name }) => `${stack} ${op} ${type} ${name}`),
  );
/** The line that says that a run was rehearsed. */
export const firstLine = ({ stdout }: Ran): string => stdout.split("\n")[0]!;

/** No credentials of any kind. */
export const NOTHING = {
  AWS_ACCESS_KEY_ID: "",
  AWS_SECRET_ACCESS_KEY: "",
  AWS_SESSION_TOKEN: "",
  AWS_PROFILE: "",
  AWS_DEFAULT_PROFILE: "",
  AWS_WEB_IDENTITY_TOKEN_FILE: "",
  AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "",
  AWS_CONTAINER_CREDENTIALS_FULL_URI: "",
  AWS_SHARED_CREDENTIALS_FILE: "/nowhere/credentials",
  AWS_CONFIG_FILE: "/nowhere/config",
  KUBECONFIG: "/nowhere/kubeconfig",
  FAIRWAY_KEY: "",
};

/** A clone of the checkout's descriptors and environments, committed. */
export function clone(env: Readonly<Record<string, string>>, ...services: string[]): TestRoot {
  const checkout = checkoutRoot();
  const root = testRoot({
    env,
    services: Object.fromEntries(
      services.map((name) => [name, path.join(checkout, "services", name)]),
    ),
  });
  cpSync(path.join(checkout, "environments"), path.join(root.folder, "environments"), {
    recursive: true,
  });
  root.write(".github/CODEOWNERS", readFileSync(path.join(checkout, ".github/CODEOWNERS"), "utf8"));
  root.write(".gitignore", ".fairway/\n");
  git(root, "init", "-q", "-b", "main");
  commit(root);
  return root;
}

/** Git in a root. */
export function git({ folder }: TestRoot, ...args: string[]): string {
  const who = ["-c", "user.name=t", "-c", "user.email=t@example.com"];
  return execFileSync("git", ["-C", folder, ...who, ...args], { encoding: "utf8" }).trim();
}
/** Commits everything in a root. */
export const commit = (root: TestRoot): void => {
  git(root, "add", "-A");
  git(root, "commit", "-qm", "change");
};

/** All files below a folder, sorted. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile())
    .sort();
}
