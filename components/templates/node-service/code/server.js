import { createServer } from "node:http";

const port = Number(process.env.PORT ?? 3000);

export const server = createServer((request, response) => {
  if (request.url === "/health") return response.writeHead(200).end("ok\n");
  response
    .writeHead(200, { "content-type": "application/json" })
    .end(JSON.stringify({ service: "template-name" }));
});

server.listen(port, () => console.log(`template-name listens on ${server.address().port}`));
process.on("SIGTERM", () => server.close());
