// The engine's own floor: one `pulumi preview` of an inline program that registers nothing, or N components and nothing else.
// Usage: node floor.mjs ENGINE FOLDER [N]
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as grpc from "@grpc/grpc-js";
import { LanguageServer } from "@pulumi/pulumi/automation/server.js";
import * as languageService from "@pulumi/pulumi/proto/language_grpc_pb.js";
import { ComponentResource } from "@pulumi/pulumi/index.js";
import log from "@pulumi/pulumi/log/index.js";

const [engine, folder, count = "0"] = process.argv.slice(2);
mkdirSync(path.join(folder, "state"), { recursive: true });
writeFileSync(path.join(folder, "Pulumi.yaml"), "name: floor\nruntime: nodejs\n");
const env = {
  ...process.env,
  PULUMI_HOME: path.join(folder, "home"),
  PULUMI_BACKEND_URL: `file://${folder}/state`,
  PULUMI_CONFIG_PASSPHRASE: "floor",
  PULUMI_SKIP_UPDATE_CHECK: "true",
  PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  PULUMI_DIY_BACKEND_NO_LEGACY_WARNING: "true",
};
if (count === "init") {
  const { status, stderr } = spawnSync(engine, ["stack", "init", "floor", "--non-interactive"], {
    cwd: folder,
    env,
  });
  if (status !== 0) process.stderr.write(stderr);
  process.exit(status ?? 1);
}
const program = () => {
  // As the product registers.
  if (Number(count) > 0) {
    Error.stackTraceLimit = 0;
    log.debug = async () => {};
  }
  for (let i = 0; i < Number(count); i++)
    new ComponentResource("bench:index:Part", `part-${i}`, { i });
  return {};
};
const server = new grpc.Server({ "grpc.max_receive_message_length": 400 * 1024 * 1024 });
server.addService(languageService.LanguageRuntimeService, new LanguageServer(program));
const port = await new Promise((resolve, reject) =>
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
    error ? reject(error) : resolve(bound),
  ),
);
const child = spawn(
  engine,
  [
    "preview",
    `--client=127.0.0.1:${port}`,
    "--exec-kind",
    "auto.inline",
    "--stack",
    "floor",
    "--non-interactive",
  ],
  {
    cwd: folder,
    env,
    stdio: ["ignore", "ignore", "inherit"],
  },
);
child.on("exit", (code) => process.exit(code ?? 1));
