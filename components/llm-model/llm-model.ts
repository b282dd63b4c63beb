import type { ComponentResourceOptions } from "@pulumi/pulumi";
import { PATHS, Server, type ServerArgs } from "../base/server.ts";
import type { LlmModelSpec } from "./llm-model.plan.ts";

/** Arguments of a language model's server; its password is the API key. */
export type LlmModelArgs = ServerArgs & LlmModelSpec;

/** llama.cpp with one model, downloaded to the volume. It reads its key when it starts: raising `rotation` restarts it. */
export class LlmModel extends Server {
  static readonly type = "fairway:llm-model:LlmModel";

  constructor(name: string, args: LlmModelArgs, opts?: ComponentResourceOptions) {
    const health = { path: "/health", port: 8080 };
    super(
      LlmModel.type,
      name,
      args,
      {
        user: 10001,
        ports: { http: 8080 },
        command: [
          "/app/llama-server",
          "--host",
          "0.0.0.0",
          "--port",
          "8080",
          "--docker-repo",
          args.model,
          "--api-key-file",
          `${PATHS.secrets}/api-key`,
        ],
        env: { HOME: "/tmp", LLAMA_CACHE: `${PATHS.data}/models` },
        config: {},
        secrets: { "api-key": args.password },
        // The model is downloaded first.
        startupProbe: { httpGet: health, periodSeconds: 10, failureThreshold: 180 },
        readinessProbe: { httpGet: health, periodSeconds: 5, timeoutSeconds: 3 },
        livenessProbe: {
          httpGet: health,
          periodSeconds: 20,
          timeoutSeconds: 10,
          failureThreshold: 6,
        },
      },
      opts,
    );
    this.registerOutputs({ password: this.password });
  }
}
