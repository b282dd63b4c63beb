export { serveKubernetes, type KubernetesServer, type ServeOptions } from "./server.ts";
