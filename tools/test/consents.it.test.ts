import { cpSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Change } from "../../stacks/contract/result.ts";
import { checkoutRoot } from "../setup/checkout.ts";
import { type Document, type TestRoot, testRoot } from "./root.ts";

const FILE = "services/shop-ledger/service.yaml";
/** A day that has not passed whenever this runs. */
const UNTIL = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10);

/** A service as its team writes it. */
const descriptor = (uses: readonly string[], consents: readonly string[] = []): string =>
  [
    "apiVersion: platform.company.com/v1",
    "kind: ServiceRequest",
    "metadata:",
    "  name: shop-ledger",
    "spec:",
    "  type: worker",
    "  owner: shop",
    "  description: Keeps the books.",
    `  image: registry.example.com/shop-ledger@sha256:${"a".repeat(64)}`,
    '  health: { command: ["true"] }',
    "  resources: { cpu: 100m, memory: 256Mi }",
    "  uses:",
    ...uses.map((line) => `    ${line}`),
    ...(consents.length > 0 ? ["  consents:", ...consents.map((line) => `    - ${line}`)] : []),
    "",
  ].join("\n");

const BEFORE = [
  "books: { type: postgres }",
  "files: { type: s3, params: { name: shop-ledger-files } }",
  "archive: { type: mysql }",
];
/** Another engine, another name, and one less. */
const AFTER = [
  "books: { type: mysql }",
  "files: { type: s3, params: { name: shop-ledger-papers } }",
];
const CONSENTS = [
  ["replace", "books"],
  ["replace", "files"],
  ["delete", "archive"],
].map(
  ([action, resource]) =>
    `{ resource: ${resource}, action: ${action}, reason: the auditors have copies, until: ${UNTIL} }`,
);

/** Resource, line and consent of each refusal. */
const REFUSALS = [
  ["replace the aws:rds/instance:Instance shop-ledger-books-instance of books", 13, 0],
  ["replace the aws:s3/bucket:Bucket shop-ledger-files-bucket of files", 14, 1],
  ["delete the aws:rds/instance:Instance shop-ledger-archive-instance of archive", 12, 2],
] as const;

const NO_CREDENTIALS = {
  AWS_ACCESS_KEY_ID: "",
  AWS_SECRET_ACCESS_KEY: "",
  AWS_SESSION_TOKEN: "",
  AWS_PROFILE: "",
  AWS_SHARED_CREDENTIALS_FILE: "/nowhere/credentials",
  AWS_CONFIG_FILE: "/nowhere/config",
  KUBECONFIG: "/nowhere/kubeconfig",
  FAIRWAY_KEY: "",
};

describe.sequential("data in production, rehearsed", () => {
  let root: TestRoot;
  const REHEARSED = ["shop-ledger", "--env", "prod", "--rehearse"];
  const notesOf = ({ data }: Document): string =>
    ((data?.["stacks"] ?? []) as { notes?: string[] }[])
      .flatMap(({ notes = [] }) => notes)
      .join("\n");
  const lossesOf = ({ data }: Document): string[] =>
    ((data?.["stacks"] ?? []) as { changes: Change[] }[])
      .flatMap(({ changes }) => changes)
      .filter(
        ({ op, type }) => ["delete", "replace"].includes(op) && /instance:|bucket:B/.test(type),
      )
      .map(({ op, name }) => `${op} ${name}`);

  beforeAll(async () => {
    root = testRoot({ env: NO_CREDENTIALS });
    for (const folder of ["environments", ".github"])
      cpSync(path.join(checkoutRoot(), folder), path.join(root.folder, folder), {
        recursive: true,
      });
    root.write(FILE, descriptor(BEFORE));
    const { exit, problems } = await root.json("up", ...REHEARSED);
    expect({ exit, problems }).toEqual({ exit: 0, problems: [] });
  });
  afterAll(() => root?.remove());

  test.each(["preview", "up"])(
    "%s refuses to change an engine and a bucket's name and to drop a database, and names resource, line and consent",
    async (command) => {
      root.write(FILE, descriptor(AFTER));
      const ran = await root.fairway(command, ...REHEARSED);
      expect(ran.code).toBe(4);
      const text = ran.stdout + ran.stderr;
      expect(text.split("\n")[0]).toMatch(/^rehearsed: /);
      expect(text.match(/FW4020: this would/g)).toHaveLength(REFUSALS.length);
      for (const [what, line, index] of REFUSALS) {
        const [action, name] = [what.split(" ")[0], what.split(" ").at(-1)];
        expect(text).toContain(`this would ${what}, which holds data`);
        expect(text).toContain(`${FILE}:${line}`);
        expect(text).toMatch(
          new RegExp(
            `consents: \\[\\{resource: ${name}, action: ${action}, reason: <why>, until: \\d{4}-\\d\\d-\\d\\d\\}\\]`,
          ),
        );
        expect(CONSENTS[index]).toContain(`resource: ${name}, action: ${action}`);
      }
    },
  );

  test("with the consents it goes through, and says that they were used and where last copies are", async () => {
    root.write(FILE, descriptor(AFTER, CONSENTS));
    const preview = await root.json("preview", ...REHEARSED);
    expect({ exit: preview.exit, problems: preview.problems }).toEqual({ exit: 0, problems: [] });
    for (const what of ["replace books", "replace files", "delete archive"])
      expect(notesOf(preview)).toContain(`the consent to ${what} would be used`);
    const up = await root.json("up", ...REHEARSED);
    expect({ exit: up.exit, problems: up.problems }).toEqual({ exit: 0, problems: [] });
    expect(new Set(lossesOf(up))).toEqual(
      new Set([
        "replace shop-ledger-books-instance",
        "replace shop-ledger-files-bucket",
        "delete shop-ledger-archive-instance",
      ]),
    );
    for (const what of ["replace books", "replace files", "delete archive"])
      expect(notesOf(up)).toContain(`the consent to ${what} was used`);
    expect(notesOf(up)).toContain(`it counts no more: take it out of ${FILE}`);
    for (const name of ["books", "archive"])
      expect(notesOf(up)).toMatch(
        new RegExp(
          `last copy of shop-ledger-${name}-instance: snapshot shop-ledger-${name}-prod-final-\\d{14}`,
        ),
      );
    const again = await root.json("preview", ...REHEARSED);
    expect({ exit: again.exit, losses: lossesOf(again) }).toEqual({ exit: 0, losses: [] });
  });

  test("the consents are useless afterwards", async () => {
    const back = AFTER.map((line) => line.replace("papers", "files").replace("mysql", "postgres"));
    root.write(FILE, descriptor(back, CONSENTS));
    const { exit, problems } = await root.json("up", ...REHEARSED);
    expect(exit).toBe(4);
    expect(problems.map(({ code, message }) => [code, message.split("; ").at(-1)])).toEqual([
      ["FW4020", "the consent at spec.consents.0 has been used: write a new one"],
      ["FW4020", "the consent at spec.consents.1 has been used: write a new one"],
    ]);
  });
});
