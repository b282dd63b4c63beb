import { createServer, request as call } from "node:http";

const port = Number(process.env.PORT ?? 3000);
/** First path segment → address: `ROUTES={"users":"http://user-service:8080"}`. */
const routes = JSON.parse(process.env.ROUTES ?? "{}");

export const server = createServer((request, response) => {
  if (request.url === "/health") return response.writeHead(200).end("ok\n");
  const [, name = "", ...rest] = (request.url ?? "/").split("/");
  const target = routes[name];
  if (target === undefined) return response.writeHead(404).end("no such route\n");
  const passed = call(
    new URL(`/${rest.join("/")}`, target),
    { method: request.method, headers: request.headers },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  passed.on("error", () => response.writeHead(502).end("bad gateway\n"));
  request.pipe(passed);
});

server.listen(port);
process.on("SIGTERM", () => server.close());
