import { readFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { fail } from "../../stacks/contract/problem.ts";
import { checkoutRoot } from "./checkout.ts";
import { run } from "./run.ts";
import { obtainMade, type Tool } from "./tool.ts";
import { PYTHON_TOOLS } from "./versions.ts";
import type { Work } from "./work.ts";

/**
 * A tool that comes as a Python wheel, by the digests in its requirements file, in a folder of its own in the cache.
 * @throws FW8008 without Python and pip, or where the package index cannot be reached.
 */
export async function obtainPython(
  name: keyof typeof PYTHON_TOOLS,
  work: Work = {},
): Promise<Tool> {
  const tool = PYTHON_TOOLS[name];
  const requirements = join(checkoutRoot(), tool.requirements);
  const digest = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 12);
  return obtainMade(
    {
      name,
      version: tool.version,
      key: `tools/${name}/${tool.version}-${process.platform}-${process.arch}-${digest}`,
      bin: { [tool.bin]: join("bin", tool.bin) },
      make: async (folder, { progress, signal }) => {
        progress?.(`downloading ${tool.title} ${tool.version}`);
        const args = [
          "-m",
          "pip",
          "install",
          "--quiet",
          "--no-deps",
          "--only-binary=:all:",
          "--require-hashes",
          "-r",
          requirements,
          "--target",
          folder,
        ];
        const result = await run("python3", args, {
          timeoutMs: 300_000,
          ...(signal ? { signal } : {}),
        });
        if (result.code !== 0)
          fail(
            "FW8008",
            `${tool.title} ${tool.version} could not be installed: ${result.stderr.split("\n").slice(-3).join("; ")}`,
          );
      },
    },
    work,
  );
}
