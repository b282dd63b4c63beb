import { describe } from "vitest";
import { environmentFile, requestFile, scoreFile } from "./root.fixture.ts";
import { traps } from "./traps.fixture.ts";

describe("releases, environments and owners", () => {
  traps([
    [
      "a release of unknown services, environments and containers",
      {
        "services/a/service.yaml": requestFile("  type: worker\n"),
        "services/a/release.yaml":
          "services:\n  user-servic: {environments: {}}\n  user-service:\n    environments:\n      tst: {containers: {main: 'a/b:1'}}\n      test: {containers: {app: 'a/b:1'}}\n",
      },
      [
        "FW2101 a/release.yaml:2:3 no service user-servic in this folder: expected user-service [did you mean user-service?]",
        "FW2102 a/release.yaml:5:7 unknown environment tst: expected test [did you mean test?]",
        "FW2103 a/release.yaml:6:27 user-service has no container app: expected main [write main]",
      ],
    ],
    [
      "a release of an image without tag and digest",
      {
        "services/a/service.yaml": requestFile("  type: worker\n"),
        "services/a/release.yaml":
          "services:\n  user-service:\n    environments:\n      test: {containers: {main: 'here:5000/b'}}\n",
      },
      [
        'FW2104 a/release.yaml:4:33 "here:5000/b" has neither tag nor digest [write <registry>/<repository>@sha256:<64 hex digits>]',
      ],
    ],
    [
      "a release of something that is no image",
      {
        "services/a/service.yaml": requestFile("  type: worker\n"),
        "services/a/release.yaml":
          "services:\n  user-service:\n    environments:\n      test: {containers: {main: 'A b'}}\n",
      },
      [
        'FW2104 a/release.yaml:4:33 "A b" is not an image reference [write <registry>/<repository>@sha256:<64 hex digits>]',
      ],
    ],
    [
      "an environment named unlike its file",
      { "environments/a.yaml": environmentFile("b") },
      [
        "FW2002 environments/a.yaml:4:9 the environment is named b in a file named a.yaml [name the file b.yaml]",
      ],
    ],
    [
      "an environment with wrong fields",
      {
        "environments/bad.yaml": environmentFile(
          "bad",
          "  cloud: {provider: asw}\n  clustr: 1\n",
        ).replace("{ context: bad }", "{ contxt: bad }"),
      },
      [
        "FW1102 environments/bad.yaml:6:3 context is missing: expected text [add context under cluster]",
        "FW1101 environments/bad.yaml:6:14 unknown field contxt: allowed are embedded, context, kubeconfig and eks [did you mean context?]",
        'FW1104 environments/bad.yaml:12:21 provider is the text "asw": expected none or aws [did you mean aws?]',
        "FW1101 environments/bad.yaml:13:3 unknown field clustr: allowed are description, cluster, cloud, state, secretsProvider, namespace, domain, tls, ingressClass, ingressNamespace and 18 more [did you mean cluster?]",
      ],
    ],
    [
      "crossed bounds of replicas",
      { "environments/e.yaml": environmentFile("e", "  replicas: {min: 3, max: 1}\n") },
      [
        "FW2003 environments/e.yaml:12:19 replicas.min is 3, above replicas.max, which is 1 [write a min of at most 1]",
      ],
    ],
    [
      "a Pulumi service without an organization, and an organization without one",
      {
        "environments/e.yaml": environmentFile("e", "  state: {backend: https://api.pulumi.com}\n"),
        "environments/f.yaml": environmentFile("f", "  state: {organization: acme}\n"),
      },
      [
        "FW1102 environments/e.yaml:12:3 organization is missing: expected an organization with an https:// backend, and with no other [add organization under state]",
        'FW1104 environments/f.yaml:12:25 organization is the text "acme": expected an organization with an https:// backend, and with no other',
      ],
    ],
    [
      "a second environment on the embedded control plane",
      {
        "services/a/service.yaml": requestFile("  type: worker\n"),
        "environments/local.yaml": environmentFile("local").replace(
          "{ context: local }",
          "{ embedded: true }",
        ),
        "environments/test.yaml": environmentFile("test").replace(
          "{ context: test }",
          "{ embedded: true }",
        ),
      },
      [
        "FW2005 environments/test.yaml:6:24 local and test are both on the embedded control plane: it holds one environment [delete one of them, or write cluster: {context: <another cluster>}]",
      ],
    ],
    [
      "services without an owner where one is required",
      {
        "services/a/service.yaml": requestFile("  type: worker\n"),
        "services/b/score.yaml": scoreFile(""),
        "environments/t.yaml": environmentFile("t").replace("policy: optional", "policy: required"),
      },
      [
        "FW1205 a/service.yaml:4:9 user-service has no owner: one is required in t [add owner: <team> under spec, or a line for the folder to CODEOWNERS]",
        "FW1205 b/score.yaml:3:9 web has no owner: one is required in t [add owner: <team> under metadata, or a line for the folder to CODEOWNERS]",
      ],
    ],
  ]);
});
