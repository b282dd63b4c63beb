import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";

const target = createServer((request, response) => {
  response.writeHead(201, { "x-path": request.url, "x-method": request.method });
  request.pipe(response);
});
let gateway;
let address;

before(async () => {
  await once(target.listen(0, "127.0.0.1"), "listening");
  process.env.PORT = "0";
  process.env.ROUTES = JSON.stringify({ users: `http://127.0.0.1:${target.address().port}` });
  ({ server: gateway } = await import("./gateway.js"));
  if (!gateway.listening) await once(gateway, "listening");
  address = `http://127.0.0.1:${gateway.address().port}`;
});
after(() => {
  gateway.close();
  target.close();
});

test("answers its health path", async () => {
  assert.equal((await fetch(`${address}/health`)).status, 200);
});

test("passes a request on by its first path segment", async () => {
  const answer = await fetch(`${address}/users/7?full=1`, { method: "POST", body: "hello" });
  assert.equal(answer.status, 201);
  assert.equal(answer.headers.get("x-path"), "/7?full=1");
  assert.equal(answer.headers.get("x-method"), "POST");
  assert.equal(await answer.text(), "hello");
});

test("passes nothing on to an address that the caller chose", async () => {
  const answer = await fetch(`${address}/users//example.com/x`);
  assert.equal(answer.headers.get("x-path"), "//example.com/x");
});

test("refuses what is no route", async () => {
  assert.equal((await fetch(`${address}/constructor/x`)).status, 404);
});
