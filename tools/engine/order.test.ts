import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { GO_TOOLS } from "../setup/versions.ts";
import { findEngine, obtainEngine } from "./engine.ts";

const VERSION = GO_TOOLS.engine.version;
const HOST = "https://get.pulumi.com";
/** A program that tells a version, as `pulumi version` does. */
const program = (version: string): string => `#!/bin/sh\necho v${version}\n`;

/** What the download host answers to Pulumi's installer: a script that is run with `--install-root` and `--version`. */
const script = (body: string): string => `set -eu
while [ $# -gt 0 ]; do
  case $1 in --install-root) root=$2 ;; --version) version=$2 ;; esac
  shift
done
mkdir -p "$root/bin"
${body}
`;
const WHOLE = script(
  `printf '#!/bin/sh\\necho v%s\\n' "$version" >"$root/bin/pulumi"\nchmod +x "$root/bin/pulumi"`,
);
const BROKEN: readonly (readonly [string, string])[] = [
  ["breaks off", script(`printf '#!/bin/sh\\nec' >"$root/bin/pulumi"\nexit 18`)],
  ["brings a program that does not run", script(`printf 'half' >"$root/bin/pulumi"`)],
];

let folder: string;
let server: Server;
/** What the host answers; undefined: 503. */
let installer: string | undefined;
let asked: string[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "fairway-order-"));
  asked = [];
  installer = undefined;
  server = createServer(({ method, url }, response) => {
    asked.push(`${method} ${url}`);
    response.writeHead(installer === undefined ? 503 : 200).end(installer);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const local = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  // The installer is the SDK's and asks the one host it knows: here, and in its own process, another one answers for it.
  const real = globalThis.fetch;
  vi.stubGlobal("fetch", (url: string, options: RequestInit) =>
    real(url.replace(HOST, local), options),
  );
  const redirect = join(folder, "redirect.mjs");
  writeFileSync(
    redirect,
    `const real = fetch; globalThis.fetch = (url, options) => real(url.replace("${HOST}", "${local}"), options);\n`,
  );
  vi.stubEnv("NODE_OPTIONS", `--import=${pathToFileURL(redirect).href}`);
  vi.stubEnv("XDG_CACHE_HOME", join(folder, "cache"));
  const rest = (process.env["PATH"] ?? "")
    .split(":")
    .filter((path) => !existsSync(join(path, "pulumi")));
  mkdirSync(join(folder, "bin"));
  vi.stubEnv("PATH", [join(folder, "bin"), ...rest].join(":"));
  // A compiler that builds that engine at once, and notes that it was asked.
  install(
    "go",
    `#!/bin/sh\necho go >>${folder}/built\nwhile [ "$1" != -o ]; do shift; done\nprintf '#!/bin/sh\\necho v${VERSION}\\n' >"$2pulumi"\nchmod +x "$2pulumi"\n`,
  );
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

/** Puts a program on PATH. */
function install(name: string, text: string): void {
  writeFileSync(join(folder, "bin", name), text);
  chmodSync(join(folder, "bin", name), 0o755);
}
const wasBuilt = (): boolean => existsSync(join(folder, "built"));
/** Everything in the cache of downloads but locks. */
const downloads = (): string[] => {
  const kept = join(folder, "cache", "fairway", "tools", "engine-download");
  return existsSync(kept) ? readdirSync(kept).filter((name) => !name.includes(".lock")) : [];
};

describe("the engine is taken", () => {
  test("from PATH, where one stands there: nobody is asked for another", async () => {
    install("pulumi", program(VERSION));
    installer = WHOLE;
    expect(await obtainEngine()).toMatchObject({ source: "path", version: VERSION });
    expect([asked, wasBuilt()]).toEqual([[], false]);
  });

  test("from the official download, where none or an older one is on PATH, once", async () => {
    install("pulumi", program("3.100.0"));
    installer = WHOLE;
    const engine = await obtainEngine();
    expect(engine).toMatchObject({ source: "download", version: VERSION });
    expect(asked).toEqual(["HEAD /install.sh", "GET /install.sh"]);
    expect(await findEngine()).toEqual(engine);
    expect(await obtainEngine()).toEqual(engine);
    expect([asked.length, wasBuilt()]).toEqual([2, false]);

    // What is no longer what was downloaded is not used, and is downloaded anew.
    appendFileSync(engine.path, "more\n");
    expect(await findEngine()).toBeUndefined();
    expect(await obtainEngine()).toEqual(engine);
    expect([asked.length, wasBuilt()]).toEqual([4, false]);
  });

  test("from a build, where the download host does not serve it", async () => {
    expect(await obtainEngine()).toMatchObject({ source: "build", version: VERSION });
    expect([asked, wasBuilt()]).toEqual([["HEAD /install.sh"], true]);
    expect(await findEngine()).toMatchObject({ source: "build" });
  });

  test.each(BROKEN)(
    "from a build, where the download %s, of which nothing is left",
    async (_, text) => {
      installer = text;
      const told: string[] = [];
      const engine = await obtainEngine({ progress: (message) => void told.push(message) });
      expect(engine).toMatchObject({ source: "build", version: VERSION });
      expect(told.filter((message) => message.startsWith("the download failed: "))).toHaveLength(1);
      expect([asked.length, wasBuilt(), downloads()]).toEqual([2, true, []]);
      expect(await findEngine()).toEqual(engine);
    },
  );

  test("from the download before the build, where both stand ready", async () => {
    const [kept, aside] = [
      join(folder, "cache/fairway/tools/engine-download"),
      join(folder, "aside"),
    ];
    installer = WHOLE;
    const downloaded = await obtainEngine();
    renameSync(kept, aside);
    installer = undefined;
    expect((await obtainEngine()).source).toBe("build");
    renameSync(aside, kept);
    expect(await findEngine()).toEqual(downloaded);
  });
});
