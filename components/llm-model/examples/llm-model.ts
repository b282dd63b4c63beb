// A small language model.
import { Config } from "@pulumi/pulumi";
import { LlmModel } from "../llm-model.ts";

const config = new Config("orders");

export const server = new LlmModel("orders-store", {
  name: "store",
  namespace: "orders",
  labels: { "fairway.dev/service": "orders" },
  selector: { "app.kubernetes.io/name": "orders", "app.kubernetes.io/component": "store" },
  image: "ghcr.io/ggml-org/llama.cpp:server",
  pullSecrets: [],
  requests: { cpu: "100m", memory: "512Mi" },
  limits: { cpu: "200m", memory: "512Mi" },
  storage: "10Gi",
  rotation: 1,
  password: config.requireSecret("password"),
  model: "ai/smollm2:135M-Q4_0",
});
