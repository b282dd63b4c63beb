import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach } from "vitest";
import type { Problem } from "../contract/problem.ts";

const folders: string[] = [];

/** Removes every root that was made so far. */
export function removeRoots(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** Removes the roots of each test after it. Called once by a test file. */
export const cleanRoots = (): void => afterEach(removeRoots);

/** Writes files (path → content) into a new folder. */
export function makeRoot(files: Readonly<Record<string, string | Buffer>>): string {
  const root = mkdtempSync(path.join(tmpdir(), "fairway-load-"));
  folders.push(root);
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(root, file), content);
  }
  return root;
}

/** A valid environment; `spec` is YAML under `spec:`, indented by two. */
export const environmentFile = (
  name: string,
  spec = "",
): string => `apiVersion: platform.company.com/v1
kind: Environment
metadata:
  name: ${name}
spec:
  cluster: { context: ${name} }
  domain: ${name}.test
  registry: registry.test
  registries: ["*"]
  owner: { policy: optional }
  resources: []
${spec}`;

/** A ServiceRequest; `spec` is YAML under `spec:`, indented by two. */
export const requestFile = (spec: string, name = "user-service"): string =>
  `apiVersion: platform.company.com/v1
kind: ServiceRequest
metadata:
  name: ${name}
spec:
${spec}`;

/** A Score document; `rest` follows its metadata and one container without fields, which it goes on with. */
export const scoreFile = (rest: string, name = "web"): string => `apiVersion: score.dev/v1b1
metadata:
  name: ${name}
containers:
  app:
    image: app:1
${rest}`;

/** `code file:line:column message [hint]`, the file without `services/`. */
export function said(problems: readonly Problem[]): string[] {
  return problems.map(
    ({ code, file, line, column, message, hint }) =>
      `${code} ${(file ?? "").replace(/^services\//, "")}:${line}:${column} ${message}${hint === undefined ? "" : ` [${hint}]`}`,
  );
}
