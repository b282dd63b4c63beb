import { createServer, request as call } from "node:http";
import { pipeline } from "node:stream";

const port = Number(process.env.PORT ?? 3000);
/** First path segment → address: `ROUTES={"users":"http://user-service:8080"}`. */
const routes = new Map(
  Object.entries(JSON.parse(process.env.ROUTES ?? "{}")).map(([name, address]) => [
    name,
    new URL(address),
  ]),
);
/** Headers that belong to one connection and so are not passed on. */
const OWN = ["connection", "keep-alive", "proxy-authorization", "te", "trailer", "upgrade"];

export const server = createServer((request, response) => {
  if (request.url === "/health") return response.writeHead(200).end("ok\n");
  const [, name = "", rest = ""] = /^\/([^/?]*)\/?(.*)$/s.exec(request.url ?? "") ?? [];
  const target = routes.get(name);
  if (target === undefined) return response.writeHead(404).end("no such route\n");
  const headers = { ...request.headers, host: target.host };
  for (const header of OWN) delete headers[header];
  const passed = call({
    hostname: target.hostname,
    port: target.port,
    path: `/${rest}`,
    method: request.method,
    headers,
  });
  passed.on("response", (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    pipeline(answer, response, () => {});
  });
  passed.on("error", () => {
    if (response.headersSent) response.destroy();
    else response.writeHead(502).end("bad gateway\n");
  });
  response.on("close", () => passed.destroy());
  request.pipe(passed);
});

server.listen(port);
process.on("SIGTERM", () => server.close());
