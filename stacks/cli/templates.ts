/** The templates of `fairway new`: a folder each under components/templates → what it scaffolds. */
export const TEMPLATES: Readonly<Record<string, string>> = {
  "java-service": "an HTTP service in Java, port 8080, health at /actuator/health",
  "node-service": "an HTTP service in Node.js, port 3000, health at /health",
  "go-service": "an HTTP service in Go, port 8080, health at /healthz",
  "python-service": "an HTTP service in Python, port 8000, health at /health",
  worker: "a worker that takes messages from a queue",
  cron: "a job on a schedule",
  "api-gateway": "a public entrance that passes requests on to services",
};
