import { z } from "zod";
import { driver } from "../../stacks/contract/driver.ts";
import {
  type ServerParams,
  type ServerSpec,
  type Sizes,
  hostOf,
  ownSecret,
  serverAnswer,
  serverParams,
  serverSpec,
} from "../base/server.plan.ts";
import { IMAGES } from "../images.ts";

/** What the component is told beside what every server is. */
export interface LlmModelSpec extends ServerSpec {
  /** Model in Docker Hub's notation: `ai/smollm2:135M-Q4_0`. */
  readonly model: string;
}

const PORT = 8080;
const SIZES: Sizes = {
  small: { cpu: "500m", memory: "1Gi" },
  medium: { cpu: "2", memory: "4Gi" },
  large: { cpu: "4", memory: "12Gi" },
};
const params = z.strictObject({
  ...serverParams,
  rotation: serverParams.rotation
    .unwrap()
    .describe("Raise it to restart the server with another key")
    .default(1),
  storage: serverParams.storage.unwrap().describe("Size of the model cache").default("10Gi"),
  model: z
    .string()
    .regex(/^[A-Za-z0-9._/-]+(:[A-Za-z0-9._-]+)?$/, "expected a model such as ai/smollm2:135M-Q4_0")
    .describe("Model of Docker Hub, downloaded when the server first starts")
    .default("ai/smollm2:135M-Q4_0"),
});

/** A language model behind OpenAI's protocol in the cluster, served by llama.cpp on CPUs. */
export const llmModel = driver<ServerParams & { readonly model: string }>({
  type: "llm-model",
  name: "llm-model",
  title: "A language model in the cluster, served by llama.cpp on CPUs",
  params,
  outputs: {
    model: { description: "Name of the model", secret: false },
    url: { description: "Base URL of OpenAI's protocol, ends in /v1", secret: false },
    "api-key": { description: "Bearer token", secret: true },
  },
  // The volume only caches what can be downloaded again.
  stateful: false,
  rotation: "restart",
  proof: { kind: "admitted-never-run" },
  plan(request) {
    const args = {
      ...serverSpec(request, IMAGES.llama, SIZES),
      model: request.params.model,
    } satisfies LlmModelSpec;
    const answer = serverAnswer(request, [PORT], []);
    const origin = {
      from: "default",
      reason: "the model is downloaded when the server starts",
    } as const;
    const self = { kind: "self", item: request.id } as const;
    return {
      args,
      outputs: {
        model: args.model,
        url: `http://${hostOf(args.name, request.namespace)}:${PORT}/v1`,
        "api-key": ownSecret(request, "api-key"),
      },
      ...answer,
      edges: [
        {
          from: self,
          to: { kind: "entity", entity: "internet" },
          port: 443,
          protocol: "TCP",
          origin,
        },
        { from: self, to: { kind: "entity", entity: "dns" }, port: 53, protocol: "UDP", origin },
        { from: self, to: { kind: "entity", entity: "dns" }, port: 53, protocol: "TCP", origin },
      ],
    };
  },
});
