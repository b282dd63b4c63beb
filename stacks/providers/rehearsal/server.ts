import type grpc from "@grpc/grpc-js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import { REHEARSED } from "../../contract/rehearsal.ts";
import { decode, encode, secretTexts, type Values } from "../kubernetes/values.ts";
import { type Served, type Unary, refusalMessage, serveCalls, unsupported } from "../serve.ts";
import { diffAnswer, failureOf } from "./answer.ts";
import { answerOf, type Answers } from "./invokes.ts";
import { openLibrary } from "./library.ts";
import type { Cue } from "./player.ts";
import type { Scenario } from "./scenario.ts";
import { openSessions } from "./sessions.ts";
import { readSettings } from "./settings.ts";
import { openStage } from "./stage.ts";
import { openWorld } from "./world.ts";

/** Options of `serveRehearsal`. */
export interface RehearsalOptions {
  /** Folder that holds what was rehearsed, a file for each stack. Default: in memory only. */
  world?: string | undefined;
  /** What happens to operations, for tests. */
  scenario?: Scenario | undefined;
  /** Answers of functions that rehearsal cannot answer by itself, by token. */
  answers?: Answers | undefined;
  /** Closes the server. */
  signal?: AbortSignal;
  /** Milliseconds since the epoch. Default: the system's clock. */
  now?: () => number;
}

/** A running rehearsal. */
export interface RehearsalServer extends Served {
  /** Types met so far for which no table says what replaces them. */
  replacementUnknown(): string[];
}

/** What the requests about one resource have in common. */
interface About {
  getUrn(): string;
}

/**
 * Serves a provider that plays every package without contacting anything, on a free loopback port. Attach it with
 * `PULUMI_DEBUG_PROVIDERS=aws:PORT,kubernetes:PORT`; one server may serve any number of engines, stacks and instances.
 */
export async function serveRehearsal(options: RehearsalOptions = {}): Promise<RehearsalServer> {
  const sessions = openSessions();
  const library = openLibrary();
  const world = openWorld(options.world);
  const now = options.now ?? Date.now;
  const stage = openStage({ library, world, scenario: options.scenario ?? [], now });

  /** A call whose errors hold no secret of the values that it kept. */
  const unary = <Q, A>(
    answer: (request: Q, peer: string, keep: (values: Values) => Values) => A | Promise<A>,
  ): Unary<Q, A> => {
    return (call, callback) => {
      const secrets: string[] = [];
      const keep = (values: Values): Values => {
        secrets.push(...secretTexts(values));
        return values;
      };
      Promise.resolve()
        .then(() => answer(call.request, call.getPeer(), keep))
        .then(
          (reply) => callback(null, reply),
          (error: unknown) => callback(failureOf(error, secrets)),
        );
    };
  };
  const cueOf = (request: About, peer: string): Cue => {
    const urn = request.getUrn();
    const { settings, pause, warn } = sessions.of(peer);
    return { urn, type: typeOf(urn), name: nameOf(urn), settings, world, pause, warn, now: now() };
  };

  const calls: grpc.UntypedServiceImplementation = {
    handshake: unary<proto.ProviderHandshakeRequest, proto.ProviderHandshakeResponse>(
      (request, peer) => {
        sessions.greet(peer, request.getEngineAddress());
        const response = new proto.ProviderHandshakeResponse();
        response.setAcceptSecrets(true);
        return response;
      },
    ),
    attach: unary<plugin.PluginAttach, empty.Empty>((request, peer) => {
      sessions.greet(peer, request.getAddress());
      return new empty.Empty();
    }),
    // One server plays every package, and none of them may seem too old to the engine.
    getPluginInfo: unary<empty.Empty, plugin.PluginInfo>(() => {
      const info = new plugin.PluginInfo();
      info.setVersion("999.0.0");
      return info;
    }),
    getSchema: unary<proto.GetSchemaRequest, proto.GetSchemaResponse>(() => {
      const response = new proto.GetSchemaResponse();
      response.setSchema("{}");
      return response;
    }),
    checkConfig: unary<proto.CheckRequest, proto.CheckResponse>((request) => {
      const inputs = decode(request.getNews());
      const response = new proto.CheckResponse();
      response.setInputs(encode({ ...inputs.value, [REHEARSED]: true }, inputs.secrets));
      return response;
    }),
    diffConfig: unary<proto.DiffRequest, proto.DiffResponse>((request) =>
      stage.diffConfig(request),
    ),
    configure: unary<proto.ConfigureRequest, proto.ConfigureResponse>((request, peer) => {
      const variables = new Map<string, string>();
      request
        .getVariablesMap()
        .forEach((value: string, key: string) => void variables.set(key, value));
      sessions.configure(peer, readSettings(decode(request.getArgs()).value, variables));
      const response = new proto.ConfigureResponse();
      response.setAcceptsecrets(true);
      response.setSupportspreview(true);
      return response;
    }),
    cancel: unary<empty.Empty, empty.Empty>((_, peer) => {
      sessions.cancel(peer);
      return new empty.Empty();
    }),
    check: unary<proto.CheckRequest, proto.CheckResponse>(async (request, peer, keep) => {
      const [olds, news] = [decode(request.getOlds()), keep(decode(request.getNews()))];
      const checked = await stage.check(
        cueOf(request, peer),
        olds,
        news,
        request.getRandomseed_asU8(),
      );
      const response = new proto.CheckResponse();
      response.setInputs(encode(checked.value, checked.secrets));
      response.setFailuresList(checked.refusals.map(refusalMessage));
      return response;
    }),
    diff: unary<proto.DiffRequest, proto.DiffResponse>(async (request, peer, keep) => {
      const stored = keep(decode(request.getOlds()));
      const old = request.hasOldInputs() ? keep(decode(request.getOldInputs())) : stored;
      const news = keep(decode(request.getNews()));
      return diffAnswer(
        await stage.diff(cueOf(request, peer), old.value, news.value, stored.value),
      );
    }),
    create: unary<proto.CreateRequest, proto.CreateResponse>(async (request, peer, keep) => {
      const inputs = keep(decode(request.getProperties()));
      const { id, outputs } = await stage.create(
        cueOf(request, peer),
        inputs,
        request.getPreview(),
      );
      const response = new proto.CreateResponse();
      response.setId(id);
      response.setProperties(encode(outputs.value, outputs.secrets));
      return response;
    }),
    read: unary<proto.ReadRequest, proto.ReadResponse>(async (request, peer, keep) => {
      const found = await stage.read(
        cueOf(request, peer),
        request.getId(),
        keep(decode(request.getInputs())),
        keep(decode(request.getProperties())),
      );
      const response = new proto.ReadResponse();
      if (!found) return response;
      response.setId(found.id);
      response.setInputs(encode(found.inputs.value, found.inputs.secrets));
      response.setProperties(encode(found.outputs.value, found.outputs.secrets));
      return response;
    }),
    update: unary<proto.UpdateRequest, proto.UpdateResponse>(async (request, peer, keep) => {
      const inputs = keep(decode(request.getNews()));
      const olds = {
        inputs: keep(decode(request.getOldInputs())),
        outputs: keep(decode(request.getOlds())),
      };
      const outputs = await stage.update(
        cueOf(request, peer),
        request.getId(),
        inputs,
        olds,
        request.getPreview(),
      );
      const response = new proto.UpdateResponse();
      response.setProperties(encode(outputs.value, outputs.secrets));
      return response;
    }),
    delete: unary<proto.DeleteRequest, empty.Empty>(async (request, peer, keep) => {
      const stored = keep(decode(request.getProperties()));
      await stage.remove(cueOf(request, peer), request.getId(), stored);
      return new empty.Empty();
    }),
    invoke: unary<proto.InvokeRequest, proto.InvokeResponse>((request, peer, keep) => {
      const args = keep(decode(request.getArgs()));
      const { settings } = sessions.of(peer);
      const answer = answerOf(request.getTok(), args.value, settings, options.answers ?? {});
      const response = new proto.InvokeResponse();
      response.setReturn(encode(answer, args.secrets));
      return response;
    }),
    call: unsupported("rehearsal does not serve methods"),
    construct: unsupported("rehearsal does not serve components of providers"),
  };

  const served = await serveCalls(calls, {
    signal: options.signal,
    ending: () => sessions.close(),
  });
  return { ...served, replacementUnknown: () => [...library.unknown].sort() };
}

/** Type and name stand in the URN: `urn:pulumi:stack::project::parent$type::name`. */
const typeOf = (urn: string): string => (urn.split("::")[2] ?? "").split("$").at(-1) ?? "";
const nameOf = (urn: string): string => urn.split("::").slice(3).join("::");
