import assert from "node:assert/strict";
import { after, test } from "node:test";

process.env.PORT = "0";
const { server } = await import("./server.js");
after(() => server.close());

test("answers its health path", async () => {
  if (!server.listening) await new Promise((resolve) => server.once("listening", resolve));
  const answer = await fetch(`http://127.0.0.1:${server.address().port}/health`);
  assert.equal(answer.status, 200);
});
