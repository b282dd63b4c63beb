import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkoutRoot } from "../../../tools/setup/checkout.ts";
import { contextOf, input } from "../testing.ts";
import { run } from "./validate.ts";

test("validate refuses a level of a rule that does not exist, at its line", async () => {
  const root = mkdtempSync(join(tmpdir(), "fairway-validate-"));
  try {
    for (const folder of [".github", "environments", "services"])
      cpSync(join(checkoutRoot(), folder), join(root, folder), { recursive: true });
    mkdirSync(join(root, ".fairway"));
    const file = join(root, "environments", "local.yaml");
    const text = readFileSync(file, "utf8");
    writeFileSync(
      file,
      text.replace("  policies:\n", "  policies:\n    levels: { image-tg: advisory }\n"),
    );
    const line = text.split("\n").indexOf("  policies:") + 2;
    const { exit, problems } = await run(contextOf(root), input([]));
    expect({ exit, problems }).toMatchObject({
      exit: 3,
      problems: [{ code: "FW4003", file: "environments/local.yaml", line }],
    });
    expect(problems).toHaveLength(1);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
