export { serveKubernetes, type KubernetesServer } from "./server.ts";
