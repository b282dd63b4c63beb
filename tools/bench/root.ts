import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** A root of its own in a temporary folder, with the checkout's environments. */
export function makeRoot(checkout: string): string {
  const root = mkdtempSync(path.join(tmpdir(), "fairway-bench-"));
  cpSync(path.join(checkout, "environments"), path.join(root, "environments"), { recursive: true });
  mkdirSync(path.join(root, "services"));
  return root;
}

/** A service as teams write them: every fifth has a database, every third calls the one before it. */
export function writeService(root: string, index: number): string {
  const name = `bench-${String(index).padStart(4, "0")}`;
  const lines = [
    "apiVersion: platform.company.com/v1",
    "kind: ServiceRequest",
    "metadata:",
    `  name: ${name}`,
    "spec:",
    `  type: ${index % 7 === 6 ? "worker" : "microservice"}`,
    `  language: ${["java", "node", "go", "python"][index % 4]}`,
    "  owner: bench",
    ...(index % 5 === 0 ? ["  database: postgresql"] : []),
    ...(index % 3 === 2 ? [`  consumes: [bench-${String(index - 1).padStart(4, "0")}]`] : []),
    "  env:",
    "    GREETING: hello",
    "    NAME: ${metadata.name}",
    "  scaling: { min: 1, max: 3 }",
    "  resources: { cpu: 100m, memory: 128Mi }",
  ];
  writeAt(root, name, lines);
  return name;
}

/** The release of such a service to production: an image by digest, as production asks for. */
export function writeRelease(root: string, name: string): void {
  const digest = createHash("sha256").update(name).digest("hex");
  const lines = [
    "services:",
    `  ${name}:`,
    "    environments:",
    "      prod:",
    "        containers:",
    `          main: registry.example.com/${name}@sha256:${digest}`,
  ];
  writeFileSync(path.join(root, "services", name, "release.yaml"), `${lines.join("\n")}\n`);
}

/** A service that holds `volumes` volumes: a component and a claim each. */
export function writeWideService(root: string, name: string, volumes: number): void {
  const uses = Array.from(
    { length: volumes },
    (_, i) => `    v${String(i).padStart(3, "0")}: { type: volume }`,
  );
  writeAt(root, name, [
    "apiVersion: platform.company.com/v1",
    "kind: ServiceRequest",
    "metadata:",
    `  name: ${name}`,
    "spec:",
    "  type: microservice",
    "  language: node",
    "  owner: bench",
    "  uses:",
    ...uses,
  ]);
}

function writeAt(root: string, name: string, lines: readonly string[]): void {
  const folder = path.join(root, "services", name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "service.yaml"), `${lines.join("\n")}\n`);
}
