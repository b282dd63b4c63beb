import type grpc from "@grpc/grpc-js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import { type Served, type Unary, refusalMessage, serveCalls, unsupported } from "../serve.ts";
import { failureOf, throwUnready } from "./answer.ts";
import { managerOf } from "./apply.ts";
import { check } from "./check.ts";
import { remove } from "./delete.ts";
import { diff, diffConfig } from "./diff-answer.ts";
import { objectAt, textAt, withValue } from "./json.ts";
import { create, timeoutOf, update, type Wanted } from "./lifecycle.ts";
import { recordOf } from "./outputs.ts";
import { previewCreate, previewUpdate } from "./preview.ts";
import { readLive } from "./read.ts";
import { openSessions, readSettings, type Session } from "./session.ts";
import { decode, encode, redact, secretTexts, type Values } from "./values.ts";
import { SDK_VERSION } from "./version.ts";

/** Options of `serveKubernetes`. */
export interface ServeOptions {
  /** Text or path of the kubeconfig for providers that configure none. */
  kubeconfig?: string | undefined;
  /** Closes the server. */
  signal?: AbortSignal;
  /** Milliseconds since the epoch. Default: the system's clock. */
  now?: () => number;
  /** Told what went wrong inside, for a log file; secrets are redacted. */
  log?: (line: string) => void;
}

/**
 * Serves the embedded Kubernetes provider over gRPC on a free loopback port. Attach it with
 * `PULUMI_DEBUG_PROVIDERS=kubernetes:PORT`; one server may serve any number of engines, stacks and provider instances.
 */
export async function serveKubernetes(options: ServeOptions = {}): Promise<Served> {
  const sessions = openSessions({ kubeconfig: options.kubeconfig, now: options.now ?? Date.now });

  /** A call outside a session. */
  const plain = <Q, A>(answer: (request: Q, peer: string) => A | Promise<A>): Unary<Q, A> => {
    return (call, callback) => {
      Promise.resolve()
        .then(() => answer(call.request, call.getPeer()))
        .then(
          (reply) => callback(null, reply),
          (error: unknown) => callback(failureOf(error, [])),
        );
    };
  };
  /** A call in the session of its connection; what it throws loses every secret of the values in hand. */
  const inSession = <Q, A>(
    answer: (session: Session, request: Q, keep: (values: Values) => Values) => Promise<A>,
  ): Unary<Q, A> => {
    return (call, callback) => {
      const secrets: string[] = [];
      const keep = (values: Values): Values => {
        secrets.push(...secretTexts(values));
        return values;
      };
      sessions
        .run(
          call.getPeer(),
          async (session) => await answer(quiet(session, secrets), call.request, keep),
        )
        .then(
          (reply) => callback(null, reply),
          (error: unknown) => {
            options.log?.(
              redact(
                error instanceof Error ? (error.stack ?? error.message) : String(error),
                secrets,
              ),
            );
            callback(failureOf(error, secrets));
          },
        );
    };
  };

  const calls: grpc.UntypedServiceImplementation = {
    handshake: plain<proto.ProviderHandshakeRequest, proto.ProviderHandshakeResponse>(
      (request, peer) => {
        sessions.greet(peer, request.getEngineAddress());
        const response = new proto.ProviderHandshakeResponse();
        response.setAcceptSecrets(true);
        return response;
      },
    ),
    attach: plain<plugin.PluginAttach, empty.Empty>((request, peer) => {
      sessions.greet(peer, request.getAddress());
      return new empty.Empty();
    }),
    getPluginInfo: plain<empty.Empty, plugin.PluginInfo>(() => {
      const info = new plugin.PluginInfo();
      info.setVersion(SDK_VERSION);
      return info;
    }),
    getSchema: plain<proto.GetSchemaRequest, proto.GetSchemaResponse>(() => {
      const response = new proto.GetSchemaResponse();
      response.setSchema(JSON.stringify({ name: "kubernetes", version: SDK_VERSION }));
      return response;
    }),
    checkConfig: plain<proto.CheckRequest, proto.CheckResponse>((request) => {
      const response = new proto.CheckResponse();
      response.setInputs(request.getNews());
      return response;
    }),
    diffConfig: plain(diffConfig),
    configure: plain<proto.ConfigureRequest, proto.ConfigureResponse>(async (request, peer) => {
      await sessions.configure(peer, readSettings(decode(request.getArgs()).value));
      const response = new proto.ConfigureResponse();
      response.setAcceptsecrets(true);
      response.setSupportspreview(true);
      return response;
    }),
    cancel: plain<empty.Empty, empty.Empty>((_, peer) => {
      sessions.cancel(peer);
      return new empty.Empty();
    }),
    check: inSession<proto.CheckRequest, proto.CheckResponse>(async (session, request, keep) => {
      const news = keep(decode(request.getNews()));
      const checked = check(
        request.getType(),
        request.getName(),
        decode(request.getOlds()),
        news,
        request.getRandomseed_asU8(),
      );
      const response = new proto.CheckResponse();
      response.setInputs(encode(await inNamespace(session, checked.value), checked.secrets));
      response.setFailuresList(checked.refusals.map(refusalMessage));
      return response;
    }),
    diff: inSession(diff),
    create: inSession<proto.CreateRequest, proto.CreateResponse>(async (session, request, keep) => {
      const wanted: Wanted = {
        urn: request.getUrn(),
        inputs: keep(decode(request.getProperties())),
        timeout: request.getTimeout(),
      };
      const left = await (request.getPreview() ? previewCreate : create)(session, wanted);
      throwUnready(left, wanted.inputs);
      const response = new proto.CreateResponse();
      response.setId(left.id);
      response.setProperties(encode(left.outputs.value, left.outputs.secrets));
      return response;
    }),
    read: inSession<proto.ReadRequest, proto.ReadResponse>(async (session, request, keep) => {
      const [inputs, outputs] = [
        keep(decode(request.getInputs())),
        keep(decode(request.getProperties())),
      ];
      const found = await readLive(session, {
        urn: request.getUrn(),
        token: request.getType(),
        id: request.getId(),
        inputs,
        outputs,
      });
      const response = new proto.ReadResponse();
      if (!found) return response;
      keep(found.outputs);
      throwUnready(found, found.inputs);
      response.setId(found.id);
      response.setInputs(encode(found.inputs.value, found.inputs.secrets));
      response.setProperties(encode(found.outputs.value, found.outputs.secrets));
      return response;
    }),
    update: inSession<proto.UpdateRequest, proto.UpdateResponse>(async (session, request, keep) => {
      const wanted: Wanted = {
        urn: request.getUrn(),
        inputs: keep(decode(request.getNews())),
        timeout: request.getTimeout(),
      };
      const olds = keep(decode(request.getOlds()));
      const record = recordOf(olds, decode(request.getOldInputs()), managerOf(wanted.urn));
      const left = request.getPreview()
        ? await previewUpdate(session, wanted, record, olds.value)
        : await update(session, wanted, record);
      throwUnready(left, wanted.inputs);
      const response = new proto.UpdateResponse();
      response.setProperties(encode(left.outputs.value, left.outputs.secrets));
      return response;
    }),
    delete: inSession<proto.DeleteRequest, empty.Empty>(async (session, request, keep) => {
      const stored = keep(decode(request.getProperties()));
      const inputs = { value: objectAt(stored.value, "__inputs"), secrets: [] };
      await remove(
        session,
        request.getUrn(),
        stored.value,
        inputs.value,
        timeoutOf({ timeout: request.getTimeout(), inputs }),
      );
      return new empty.Empty();
    }),
    invoke: unsupported(unserved("functions")),
    call: unsupported(unserved("methods")),
    construct: unsupported(unserved("components such as ConfigGroup, ConfigFile and Chart")),
  };

  return await serveCalls(calls, { signal: options.signal, ending: () => sessions.close() });
}

/** Fills in the provider's default namespace where the kind has one; `default` itself is left unsaid. */
async function inNamespace(
  session: Session,
  inputs: Wanted["inputs"]["value"],
): Promise<Wanted["inputs"]["value"]> {
  const { namespace } = session.settings;
  const metadata = objectAt(inputs, "metadata");
  if (
    !namespace ||
    namespace === "default" ||
    metadata["namespace"] !== undefined ||
    typeof inputs["metadata"] === "string"
  )
    return inputs;
  const target = await session.discovery.find({
    apiVersion: textAt(inputs, "apiVersion"),
    kind: textAt(inputs, "kind"),
    namespace,
    name: "",
  });
  return target?.namespace ? withValue(inputs, ["metadata", "namespace"], namespace) : inputs;
}

/** A session whose log shows none of the given secrets. */
function quiet(session: Session, secrets: readonly string[]): Session {
  const { log } = session;
  const clean = (tell: (urn: string, text: string) => void) => (urn: string, text: string) =>
    tell(urn, redact(text, secrets));
  return {
    ...session,
    log: { ...log, status: clean(log.status), info: clean(log.info), warn: clean(log.warn) },
  };
}

const unserved = (what: string): string =>
  `the embedded Kubernetes provider does not serve ${what}; declare the objects themselves`;
