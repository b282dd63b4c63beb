import http from "node:http";
import https from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { ApiError, CancelledError, ConnectionError, retryDelay } from "./failure.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";
import type { Access } from "./kubeconfig.ts";

/** One request to the API server. */
interface Call {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Below the server's address, beginning with a slash. */
  path: string;
  query?: Record<string, string>;
  body?: Json;
  /** Media type of the body. Default: `application/json`. */
  type?: string;
  /** Ends waiting between attempts, never a request on its way: what the server does must not go unnoticed. */
  signal?: AbortSignal | undefined;
}

/** What the API server answered. */
export interface Reply {
  status: number;
  body: JsonObject;
  /** Texts of its `Warning` headers. */
  warnings: string[];
}

/** One event of a watch. */
interface WatchEvent {
  type: string;
  object: JsonObject;
}

/** Plain JSON over kept-alive connections to one API server, tried again where that helps. */
export interface Client {
  readonly access: Access;
  /** Requests sent so far, retries counted. */
  readonly sent: () => number;
  request(call: Call): Promise<Reply>;
  /** Events until the server ends the stream or the signal ends it; a broken stream simply ends. */
  watch(
    path: string,
    query: Record<string, string>,
    signal: AbortSignal,
  ): AsyncGenerator<WatchEvent>;
  close(): void;
}

/** Connections at a time: more only cost handshakes, on both sides. Watches come on top. */
const CONNECTIONS = 16;
const SILENCE = 60_000;
const REMEMBER_DOWN = 5_000;

/** A client of the API server that `access` leads to. `now` gives milliseconds. */
export function openClient(access: Access, now: () => number): Client {
  const secure = access.server.protocol === "https:";
  const agentOf = (options: http.AgentOptions): http.Agent =>
    secure ? new https.Agent(options) : new http.Agent(options);
  const requests = agentOf({ keepAlive: true, maxSockets: CONNECTIONS });
  const watches = agentOf({ keepAlive: true });
  const base = access.server.pathname.replace(/\/$/, "");
  let credentials: Promise<https.RequestOptions> | undefined;
  let downSince: number | undefined;
  let count = 0;

  const open = async (
    call: Call,
    agent = requests,
  ): Promise<{ request: http.ClientRequest; response: http.IncomingMessage }> => {
    const { headers, ...tls } = await (credentials ??= access.credentials());
    const body = call.body === undefined ? undefined : Buffer.from(JSON.stringify(call.body));
    const options: https.RequestOptions = {
      agent,
      ...tls,
      method: call.method,
      hostname: access.server.hostname.replace(/^\[|\]$/g, ""),
      port: access.server.port || (secure ? 443 : 80),
      path: base + call.path + (call.query ? `?${new URLSearchParams(call.query)}` : ""),
      headers: {
        ...headers,
        accept: "application/json",
        "user-agent": "fairway",
        ...(body
          ? { "content-type": call.type ?? "application/json", "content-length": body.length }
          : {}),
      },
    };
    count++;
    return await new Promise((resolve, reject) => {
      const request = (secure ? https : http).request(options, (response) =>
        resolve({ request, response }),
      );
      request.setTimeout(SILENCE, () =>
        request.destroy(Object.assign(new Error("no answer"), { code: "ETIMEDOUT" })),
      );
      request.on("error", reject);
      request.end(body);
    });
  };

  const once = async (call: Call): Promise<Reply> => {
    try {
      const { response } = await open(call);
      const body = parse(await text(response));
      const status = response.statusCode ?? 0;
      if (status >= 400 || status < 200) throw new ApiError(status, body, retryAfter(response));
      return {
        status,
        body: isObject(body) ? body : {},
        warnings: (response.headersDistinct["warning"] ?? []).map(warningText),
      };
    } catch (error) {
      throw explain(error, access);
    }
  };

  return {
    access,
    sent: () => count,
    async request(call) {
      let renewed = false;
      for (let attempt = 0; ; attempt++) {
        try {
          const reply = await once(call);
          downSince = undefined;
          return reply;
        } catch (error) {
          if (error instanceof ApiError) downSince = undefined;
          if (error instanceof ApiError && error.status === 401 && !renewed) {
            renewed = true;
            credentials = undefined;
            continue;
          }
          const down = downSince !== undefined && now() - downSince < REMEMBER_DOWN;
          const delay =
            error instanceof ConnectionError && down
              ? undefined
              : retryDelay(error, attempt, call.query?.["dryRun"] !== undefined);
          if (delay === undefined) {
            if (error instanceof ConnectionError && error.code !== "ETIMEDOUT") downSince = now();
            throw error;
          }
          await pause(delay, call.signal);
        }
      }
    },
    async *watch(path, query, signal) {
      let request: http.ClientRequest | undefined;
      const end = (): void => void request?.destroy();
      signal.addEventListener("abort", end, { once: true });
      try {
        const opened = await open(
          { method: "GET", path, query: { ...query, watch: "true" } },
          watches,
        );
        request = opened.request;
        request.setTimeout(0);
        if (signal.aborted) return;
        if (opened.response.statusCode !== 200) return;
        yield* lines(opened.response);
      } catch {
        // A watch may break at any time; whoever watches reads the object again.
      } finally {
        signal.removeEventListener("abort", end);
        request?.destroy();
      }
    },
    close() {
      requests.destroy();
      watches.destroy();
    },
  };
}

/** Waits; an abort ends the wait with a `CancelledError`. */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, signal ? { signal } : {});
  } catch {
    throw new CancelledError();
  }
}

async function* lines(stream: http.IncomingMessage): AsyncGenerator<WatchEvent> {
  stream.setEncoding("utf8");
  let rest = "";
  for await (const chunk of stream) {
    const parts = (rest + String(chunk)).split("\n");
    rest = parts.pop() ?? "";
    for (const part of parts) {
      const event = parse(part);
      if (isObject(event) && isObject(event["object"]))
        yield { type: String(event["type"]), object: event["object"] };
    }
  }
}

async function text(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function parse(content: string): Json {
  try {
    return JSON.parse(content) as Json;
  } catch {
    return content;
  }
}

function warningText(header: string): string {
  const quoted = /^\d{3} \S+ "(.*)"$/s.exec(header)?.[1];
  return (quoted ?? header).replaceAll('\\"', '"');
}

function retryAfter(response: http.IncomingMessage): number | undefined {
  const seconds = Number(response.headers["retry-after"]);
  return response.headers["retry-after"] && Number.isFinite(seconds) ? seconds * 1000 : undefined;
}

function explain(error: unknown, access: Access): Error {
  const who = `user ${JSON.stringify(access.user)} of context ${JSON.stringify(access.context)}`;
  if (error instanceof ApiError) {
    if (error.status !== 401) return error;
    const message = `the API server at ${access.server.origin} does not accept the credentials of ${who} (401): they are wrong, revoked or expired; renew them and run again`;
    return new ApiError(401, { message, reason: error.reason });
  }
  const { code, message } = error as NodeJS.ErrnoException;
  const where = `the API server at ${access.server.origin} (context ${JSON.stringify(access.context)})`;
  if (!code) return new ConnectionError("CREDENTIALS", `${where}: ${message}`);
  if (/EXPIRED|ALERT_CERTIFICATE|ALERT_BAD_CERTIFICATE/.test(code))
    return new ConnectionError(
      code,
      `${where} refused the TLS connection (${code}): the certificate of ${who}, or of the server, is expired or not accepted`,
    );
  if (/CERT|SIGNATURE|SELF_SIGNED|ALTNAME|SSL|TLS/.test(code))
    return new ConnectionError(
      code,
      `${where} shows a certificate that the kubeconfig does not trust (${code}: ${message})`,
    );
  if (code === "ETIMEDOUT")
    return new ConnectionError(code, `${where} gave no answer within ${SILENCE / 1000} s`);
  if (code === "ECONNREFUSED" || code === "ENOTFOUND" || code === "EAI_AGAIN")
    return new ConnectionError(
      code,
      `${where} cannot be reached (${code}): is the cluster running, and is the address right?`,
    );
  return new ConnectionError(code, `${where}: the connection broke (${code}: ${message})`);
}
