import { describe } from "vitest";
import { scoreFile } from "./root.fixture.ts";
import { traps } from "./traps.fixture.ts";

describe("what a Score document cannot mean", () => {
  traps([
    [
      "containers that wait for themselves or for nobody",
      {
        "services/a/score.yaml": scoreFile(
          "    before: {other: {ready: started}, app: {ready: complete}}\n",
        ),
      },
      [
        "FW1302 a/score.yaml:7:14 no container other in this workload: expected nothing",
        "FW1302 a/score.yaml:7:39 the containers wait for each other: app → app",
      ],
    ],
    [
      "list forms without targets, or with one twice",
      {
        "services/a/score.yaml": scoreFile(
          "    files:\n      - {content: x}\n      - {content: x, target: /a}\n      - {content: y, target: /a}\n    volumes:\n      - {source: x}\n",
        ),
      },
      [
        "FW1303 a/score.yaml:8:9 target is missing: expected a path [add target]",
        "FW1303 a/score.yaml:10:30 the target /a is taken by another entry [choose another target]",
        "FW1303 a/score.yaml:12:9 target is missing: expected a path [add target]",
      ],
    ],
    [
      "files that are missing, outside, or not base64",
      {
        "services/a/score.yaml": scoreFile(
          "    files:\n      /a: {source: no.txt}\n      /b: {binaryContent: '?'}\n      /c: {source: /etc/passwd}\n      /d: {source: ../../../x}\n",
        ),
      },
      [
        'FW1217 a/score.yaml:8:20 no file "no.txt" beside the descriptor [add services/a/no.txt, or mend the path]',
        "FW1305 a/score.yaml:9:27 binaryContent is not base64",
        'FW1015 a/score.yaml:10:20 the file "/etc/passwd" lies outside of the root [write a path relative to the descriptor that stays inside the root]',
        'FW1015 a/score.yaml:11:20 the file "../../../x" lies outside of the root [write a path relative to the descriptor that stays inside the root]',
      ],
    ],
    [
      "contents given twice or not at all, and a probe without an action",
      {
        "services/a/score.yaml": scoreFile(
          "    files: {/a: {content: x, source: z}, /b: {}}\n    livenessProbe: {}\n",
        ),
      },
      [
        "FW1104 a/score.yaml:7:13 /a is a map: expected exactly one of source, content and binaryContent",
        "FW1104 a/score.yaml:7:42 /b is a map: expected exactly one of source, content and binaryContent",
        "FW1104 a/score.yaml:8:5 livenessProbe is a map: expected httpGet or exec",
      ],
    ],
    [
      "a target in the map form",
      { "services/a/score.yaml": scoreFile("    volumes: {/x: {target: a, source: b}}\n") },
      [
        "FW1101 a/score.yaml:7:20 unknown field target: allowed are source, path and readOnly [leave it out]",
      ],
    ],
    [
      "a mistyped field of a container",
      { "services/a/score.yaml": scoreFile("    varibles: {A: b}\n") },
      [
        "FW1101 a/score.yaml:7:5 unknown field varibles: allowed are image, command, args, variables, files, volumes, before, resources, livenessProbe and readinessProbe [did you mean variables?]",
      ],
    ],
    [
      "annotations with values that are not allowed",
      {
        "services/a/score.yaml": scoreFile("").replace(
          "name: web",
          "name: web\n  annotations: {k8s.score.dev/kind: DaemonSet, fairway.dev/teir: critical, k8s.score.dev/service-name: Bad}\n  owner: [a]",
        ),
      },
      [
        'FW1304 a/score.yaml:4:37 k8s.score.dev/kind is "DaemonSet": expected Deployment or StatefulSet',
        "FW1101 a/score.yaml:4:48 unknown annotation fairway.dev/teir: expected fairway.dev/type, fairway.dev/schedule, fairway.dev/tier, fairway.dev/lifecycle, fairway.dev/data-class, fairway.dev/language, fairway.dev/was, fairway.dev/consents or fairway.dev/monitoring [did you mean fairway.dev/tier?]",
        'FW1304 a/score.yaml:4:104 "Bad" cannot name a Kubernetes Service: expected a lower-case label that begins with a letter',
        "FW1104 a/score.yaml:5:3 owner is not the name of a team [write owner: <team>]",
      ],
    ],
    [
      "overrides without their Score file",
      {
        "services/a/score-a.yaml": scoreFile("", "x1"),
        "services/a/score-b.yaml": scoreFile("", "x2"),
        "services/a/overrides.score.yaml": "a: 1\n",
      },
      [
        "FW1301 a/overrides.score.yaml:1:1 overrides.score.yaml fits no Score file: the folder holds score-a.yaml, score-b.yaml [name it overrides.score-a.yaml]",
      ],
    ],
    [
      "overrides that break the document",
      {
        "services/a/score.yaml": scoreFile(""),
        "services/a/overrides.score.yaml":
          "containers:\n  app:\n    image: null\n    varables: {}\n",
      },
      [
        "FW1101 a/overrides.score.yaml:4:5 unknown field varables: allowed are image, command, args, variables, files, volumes, before, resources, livenessProbe and readinessProbe [did you mean variables?]",
        "FW1102 a/score.yaml:5:3 image is missing: expected text [add image under app]",
      ],
    ],
    [
      "an image that is none",
      { "services/a/score.yaml": scoreFile("").replace(/image: .*/, "image: my app:1") },
      [
        'FW1104 a/score.yaml:6:12 image is the text "my app:1": expected an image reference such as registry.example.com/shop-api:1.2',
      ],
    ],
    [
      "overrides that name an unknown resource",
      {
        "services/a/score.yaml": scoreFile(""),
        "services/a/overrides.score.yaml":
          "containers:\n  app:\n    variables: {A: '${resources.x}'}\n",
      },
      ['FW1208 a/overrides.score.yaml:3:20 no resource "x": expected nothing'],
    ],
  ]);
});
