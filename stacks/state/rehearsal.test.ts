import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { REHEARSED } from "../contract/rehearsal.ts";
import { openBackend } from "./backend.ts";
import { isMarked, isRehearsed, markRehearsed, rehearsalRoot, rehearsed } from "./rehearsal.ts";

const root = mkdtempSync(join(tmpdir(), "fairway-rehearsal-root-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const provider = (inputs: Readonly<Record<string, unknown>>) => ({
  resources: [
    { type: "pulumi:pulumi:Stack" },
    { type: "pulumi:providers:aws", inputs },
    { type: "aws:s3/bucket:Bucket", inputs: { [REHEARSED]: true } },
  ],
});

test("state is known as rehearsed by the mark in its providers, and by nothing else", () => {
  expect(isRehearsed(provider({ region: "eu-central-1", [REHEARSED]: true }))).toBe(true);
  expect(isRehearsed(provider({ region: "eu-central-1" }))).toBe(false);
  expect(isRehearsed(provider({ [REHEARSED]: "true" }))).toBe(false);
  expect(isRehearsed({})).toBe(false);
});

test("an environment's state, secrets and backend are apart in rehearsal", () => {
  const environment = {
    name: "prod",
    state: { backend: "s3://real" },
    secretsProvider: "awskms://alias/real",
  } as unknown as Parameters<typeof rehearsed>[0];
  const aside = rehearsed(environment);
  expect(aside.secretsProvider).toBe("passphrase");
  const { folder } = openBackend(rehearsalRoot(root, "prod"), aside);
  expect(folder).toBe(join(root, ".fairway/rehearsal/prod/.fairway/state"));
  expect(isMarked(folder!)).toBe(false);
  markRehearsed(folder!);
  markRehearsed(folder!);
  expect(isMarked(folder!)).toBe(true);
});
