import { appendFileSync, writeFileSync } from "node:fs";
import { type sendUnaryData, Server, ServerCredentials, type ServerUnaryCall } from "@grpc/grpc-js";
import analyzerGrpc from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import analyzer from "@pulumi/pulumi/proto/analyzer_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import manifest from "../../package.json" with { type: "json" };
import type { Level } from "../contract/environment.ts";
import type { ResourceView, Rule, Severity, Verdict } from "../contract/finding.ts";
import { Court } from "./court.ts";
import { levelOf } from "./levels.ts";
import type { JudgeSettings } from "./settings.ts";

/** Name of the pack in the engine's events. */
export const PACK = "fairway";
/** The policy under which the engine shows, as advice, what could not be decided yet. */
const UNPROVEN_POLICY = "fairway-unproven";

/** One stack operation: its own settings, and the file that gets one JSON line per verdict. */
export interface Hearing {
  readonly stack: string;
  readonly settings: JudgeSettings;
  /** Made new, readable by its owner only. */
  readonly verdictsFile: string;
}

const LEVELS: Readonly<Record<Level, analyzer.EnforcementLevel>> = {
  advisory: analyzer.EnforcementLevel.ADVISORY,
  mandatory: analyzer.EnforcementLevel.MANDATORY,
  disabled: analyzer.EnforcementLevel.DISABLED,
};
const SEVERITIES: Readonly<Record<Severity, analyzer.PolicySeverity>> = {
  low: analyzer.PolicySeverity.POLICY_SEVERITY_LOW,
  medium: analyzer.PolicySeverity.POLICY_SEVERITY_MEDIUM,
  high: analyzer.PolicySeverity.POLICY_SEVERITY_HIGH,
  critical: analyzer.PolicySeverity.POLICY_SEVERITY_CRITICAL,
};

/**
 * Serves the rules to the engine for one stack operation, as a policy pack does. A gRPC server of its own, so that
 * operations with different settings never meet.
 * @returns The loopback port and how to end it.
 */
export async function serveAnalyzer(
  { stack, settings, verdictsFile }: Hearing,
  rules: readonly Rule[],
): Promise<{ port: number; close(): void }> {
  writeFileSync(verdictsFile, "", { mode: 0o600, flag: "wx" });
  const court = new Court(stack, settings, rules);
  const answer = (verdicts: readonly Verdict[]) => {
    if (verdicts.length > 0)
      appendFileSync(verdictsFile, verdicts.map((one) => `${JSON.stringify(one)}\n`).join(""));
    return responseOf(verdicts, rules);
  };
  const server = new Server({ "grpc.max_receive_message_length": MAX_MESSAGE });
  server.addService(analyzerGrpc.AnalyzerService, {
    handshake: unary(() => new analyzer.AnalyzerHandshakeResponse()),
    getPluginInfo: unary(() => new plugin.PluginInfo().setVersion(manifest.version)),
    getAnalyzerInfo: unary(() => infoOf(rules, settings)),
    configure: unary(() => new Empty()),
    configureStack: unary(() => new analyzer.AnalyzerStackConfigureResponse()),
    cancel: unary(() => new Empty()),
    remediate: unary(() => new analyzer.RemediateResponse()),
    analyze: unary((request: analyzer.AnalyzeRequest) => answer(court.resource(viewOf(request)))),
    analyzeStack: unary((request: analyzer.AnalyzeStackRequest) =>
      answer(court.whole(request.getResourcesList().map(viewOf))),
    ),
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { port, close: () => server.forceShutdown() };
}

/** The class that @pulumi/pulumi itself uses: that of another copy of google-protobuf would be refused. */
const { responseType: Empty } = analyzerGrpc.AnalyzerService.configure as unknown as {
  readonly responseType: new () => unknown;
};

/** 400 MiB, as Pulumi's own servers take. */
const MAX_MESSAGE = 400 * 1024 * 1024;

function unary<Q, R>(handle: (request: Q) => R) {
  return (call: ServerUnaryCall<Q, R>, reply: sendUnaryData<R>): void => {
    try {
      reply(null, handle(call.request));
    } catch (error) {
      reply(error instanceof Error ? error : new Error(String(error)), null);
    }
  };
}

function viewOf(request: analyzer.AnalyzeRequest | analyzer.AnalyzerResource): ResourceView {
  const parent =
    request instanceof analyzer.AnalyzerResource
      ? request.getParent()
      : request.getOptions()?.getParent();
  return {
    urn: request.getUrn(),
    type: request.getType(),
    name: request.getName(),
    props: request.getProperties()?.toJavaScript() ?? {},
    ...(parent && { parent }),
  };
}

function infoOf(rules: readonly Rule[], { levels }: JudgeSettings): analyzer.AnalyzerInfo {
  const info = new analyzer.AnalyzerInfo()
    .setName(PACK)
    .setDisplayname("Fairway")
    .setVersion(manifest.version);
  // Adding returns the added one, not the list.
  for (const rule of rules)
    info.addPolicies(
      new analyzer.PolicyInfo()
        .setName(rule.name)
        .setDescription(rule.description)
        .setEnforcementlevel(LEVELS[levelOf(rule, levels)])
        .setSeverity(SEVERITIES[rule.severity])
        .setRemediationSteps(rule.fix)
        .setPolicyType(
          rule.scope === "stack"
            ? analyzer.PolicyType.POLICY_TYPE_STACK
            : analyzer.PolicyType.POLICY_TYPE_RESOURCE,
        ),
    );
  info.addPolicies(
    new analyzer.PolicyInfo()
      .setName(UNPROVEN_POLICY)
      .setDescription("A value that decides a rule is not known yet.")
      .setEnforcementlevel(analyzer.EnforcementLevel.ADVISORY)
      .setPolicyType(analyzer.PolicyType.POLICY_TYPE_RESOURCE),
  );
  return info;
}

/** Violations as diagnostics; every rule that has not passed or failed as not applicable, so that the engine's summary is true. */
function responseOf(
  verdicts: readonly Verdict[],
  rules: readonly Rule[],
): analyzer.AnalyzeResponse {
  const response = new analyzer.AnalyzeResponse();
  const decided = new Set<string>();
  let unproven = false;
  for (const verdict of verdicts) {
    if (verdict.outcome === "not-applicable") continue;
    if (verdict.outcome === "unproven") unproven = true;
    else decided.add(verdict.rule);
    if (verdict.outcome !== "pass") response.addDiagnostics(diagnosticOf(verdict, rules));
  }
  for (const { name } of rules)
    if (!decided.has(name))
      response.addNotApplicable(new analyzer.PolicyNotApplicable().setPolicyName(name));
  if (!unproven)
    response.addNotApplicable(new analyzer.PolicyNotApplicable().setPolicyName(UNPROVEN_POLICY));
  return response;
}

function diagnosticOf(verdict: Verdict, rules: readonly Rule[]): analyzer.AnalyzeDiagnostic {
  const unproven = verdict.outcome === "unproven";
  const description = unproven
    ? `${verdict.rule} cannot be decided yet.`
    : (rules.find((rule) => rule.name === verdict.rule)?.description ?? "");
  return new analyzer.AnalyzeDiagnostic()
    .setPolicyname(unproven ? UNPROVEN_POLICY : verdict.rule)
    .setPolicypackname(PACK)
    .setPolicypackversion(manifest.version)
    .setDescription(description)
    .setMessage(`${description}\n${verdict.message ?? ""}`)
    .setEnforcementlevel(unproven ? LEVELS.advisory : LEVELS[verdict.level])
    .setSeverity(SEVERITIES[verdict.severity])
    .setUrn(verdict.urn);
}
