import { spawn } from "node:child_process";
import { join } from "node:path";
import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from "@grpc/grpc-js";
import languageGrpc from "@pulumi/pulumi/proto/language_grpc_pb.js";
import type { RunRequest } from "@pulumi/pulumi/proto/language_pb.js";
import language from "@pulumi/pulumi/proto/language_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";

/** A language host for tests: starts programs as `pulumi-language-nodejs` does, which no package registry has. */
export interface LanguageHost {
  readonly port: number;
  /** What programs printed. */
  printed(): string;
  close(): void;
}

/**
 * Serves `pulumi --client`. Each run is a process of its own: `node @pulumi/pulumi/cmd/run`, with the arguments and
 * variables of the real host (sdk/nodejs/cmd/pulumi-language-nodejs/main.go).
 * @param folder Of Pulumi.yaml.
 * @param program Its `main`.
 */
export async function serveLanguageHost(
  folder: string,
  program: string,
  variables: Readonly<Record<string, string>>,
): Promise<LanguageHost> {
  let printed = "";
  const run = (
    { request }: ServerUnaryCall<RunRequest, language.RunResponse>,
    reply: sendUnaryData<language.RunResponse>,
  ): void => {
    const args = {
      monitor: request.getMonitorAddress(),
      engine: request.getArgsList()[0] ?? "",
      organization: request.getOrganization(),
      project: request.getProject(),
      stack: request.getStack(),
      pwd: folder,
      "root-directory": folder,
      parallel: String(request.getParallel()),
    };
    const config = Object.fromEntries(request.getConfigMap().toArray());
    const child = spawn(
      process.execPath,
      [
        join(folder, "node_modules/@pulumi/pulumi/cmd/run"),
        ...Object.entries(args).map(([name, value]) => `--${name}=${value}`),
        ...(request.getDryrun() ? ["--dry-run"] : []),
        program,
      ],
      {
        cwd: folder,
        stdio: ["ignore", "pipe", "pipe"],
        env: {
          ...variables,
          PULUMI_CONFIG: JSON.stringify(config),
          PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
        },
      },
    );
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => (printed += chunk.toString()));
    child.on("close", (code) => {
      const response = new language.RunResponse();
      // 32: the program said itself what went wrong.
      if (code === 32) response.setBail(true);
      else if (code !== 0) response.setError(`the program ended with ${code}`);
      reply(null, response);
    });
  };
  const server = new Server();
  server.addService(languageGrpc.LanguageRuntimeService, {
    run,
    getRequiredPlugins: (_: unknown, reply: sendUnaryData<language.GetRequiredPluginsResponse>) =>
      reply(null, new language.GetRequiredPluginsResponse()),
    getRequiredPackages: (_: unknown, reply: sendUnaryData<language.GetRequiredPackagesResponse>) =>
      reply(null, new language.GetRequiredPackagesResponse()),
    getPluginInfo: (_: unknown, reply: sendUnaryData<plugin.PluginInfo>) =>
      reply(null, new plugin.PluginInfo()),
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { port, printed: () => printed, close: () => server.forceShutdown() };
}
