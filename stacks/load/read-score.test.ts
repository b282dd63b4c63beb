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
      "targets that no container can have, or that hide each other",
      {
        "services/a/score.yaml": `${scoreFile(
          "    files:\n      /data: {content: x}\n      /etc/a.conf: {content: abs}\n      etc/a.conf: {content: rel}\n      '/a:b': {content: z}\n      '': {source: none.txt}\n      /: {content: z}\n    volumes:\n      /data: {source: '${resources.dd}'}\n      /vv: {source: '${resources.dd}', path: ../x}\n      /ok: {source: '${resources.dd}', path: /sub/..path}\n",
        )}  side:\n    image: side:1\n    files:\n      - content: x\n        target: /data\n      - content: y\n        target: ./data/\n    volumes:\n      - source: '\${resources.dd}'\n        target: ''\n        path: a/..\nresources: {dd: {type: volume}}\n`,
      },
      [
        "FW1303 a/score.yaml:10:7 the target etc/a.conf is taken by /etc/a.conf [choose another target]",
        'FW1303 a/score.yaml:11:7 the target "/a:b" is not allowed: expected a path without a colon [choose another target]',
        'FW1303 a/score.yaml:12:7 the target "" is not allowed: expected a path below / [choose another target]',
        'FW1217 a/score.yaml:12:20 no file "none.txt" beside the descriptor [add services/a/none.txt, or mend the path]',
        'FW1303 a/score.yaml:13:7 the target "/" is not allowed: expected a path below / [choose another target]',
        "FW1303 a/score.yaml:15:7 the target /data is taken by another entry [choose another target]",
        'FW1104 a/score.yaml:16:46 path is the text "../x": expected a path inside the volume, without .. [leave .. out]',
        "FW1303 a/score.yaml:24:17 the target ./data/ is taken by /data [choose another target]",
        'FW1303 a/score.yaml:27:9 the target "" is not allowed: expected a path below / [choose another target]',
        'FW1104 a/score.yaml:28:15 path is the text "a/..": expected a path inside the volume, without .. [leave .. out]',
      ],
    ],
    [
      "what a document means, whatever its schema refuses of it",
      {
        "services/a/score.yaml": `${scoreFile(
          "    variabels: {}\n    variables: {H: '${resources.nope.host}', D: '${resources.db.host}', E: '${resources.ee.host}'}\n    before: {ghost: {ready: started}, side: {ready: started}}\n    files: {/a: {content: x, mde: 1}, /b: {content: x, source: y, foo: 1}, /c: {source: 5}}\n",
        ).replace(
          "image: app:1",
          "imge: app:1",
        )}  side: app\nresources: {db: postgres, ee: {tpye: postgres}}\nx: 1\n`,
      },
      [
        "FW1102 a/score.yaml:5:3 image is missing: expected text [add image under app]",
        "FW1101 a/score.yaml:6:5 unknown field imge: allowed are image, command, args, variables, files, volumes, before, resources, livenessProbe and readinessProbe [did you mean image?]",
        "FW1101 a/score.yaml:7:5 unknown field variabels: allowed are image, command, args, variables, files, volumes, before, resources, livenessProbe and readinessProbe [did you mean variables?]",
        'FW1208 a/score.yaml:8:20 no resource "nope": expected ee',
        "FW1302 a/score.yaml:9:14 no container ghost in this workload: expected nothing",
        "FW1101 a/score.yaml:10:30 unknown field mde: allowed are mode, source, content, binaryContent, noExpand and target [did you mean mode?]",
        "FW1104 a/score.yaml:10:39 /b is a map: expected exactly one of source, content and binaryContent",
        "FW1101 a/score.yaml:10:67 unknown field foo: allowed are mode, source, content, binaryContent, noExpand and target [leave it out]",
        'FW1103 a/score.yaml:10:89 source is the number 5: expected text [write "5" in quotes]',
        'FW1103 a/score.yaml:11:9 side is the text "app": expected a map of fields',
        'FW1103 a/score.yaml:12:17 db is the text "postgres": expected a map of fields',
        "FW1102 a/score.yaml:12:27 type is missing: expected text [add type under ee]",
        "FW1101 a/score.yaml:12:32 unknown field tpye: allowed are type, class, id, metadata and params [did you mean type?]",
        "FW1101 a/score.yaml:13:1 unknown field x: allowed are apiVersion, metadata, service, containers and resources [leave it out]",
      ],
    ],
    [
      "resources under a mistyped name, and nothing that follows from it",
      {
        "services/a/score.yaml": scoreFile(
          "    variables: {H: '${resources.db.host}'}\n    files: [{content: x, target: 5}]\nresorces: {db: {type: postgres}}\n",
        ).replace(
          "name: web",
          "name: web\n  annotations: {fairway.dev/type: cron, fairway.dev/schedule: 5}",
        ),
      },
      [
        'FW1103 a/score.yaml:4:63 fairway.dev/schedule is the number 5: expected text [write "5" in quotes]',
        'FW1103 a/score.yaml:9:34 target is the number 5: expected text [write "5" in quotes]',
        "FW1101 a/score.yaml:10:1 unknown field resorces: allowed are apiVersion, metadata, service, containers and resources [did you mean resources?]",
      ],
    ],
    [
      "an alias, and nothing that follows from it",
      {
        "services/a/score.yaml": `${scoreFile(
          "    variables: &v {A: '${resources.db.host}'}\n",
        )}  two: {<<: *base}\n  three: {image: x, variables: *v, volumes: {/a: *v}}\nresources: {db: *db, ee: *db}\n`,
        "services/a/overrides.score.yaml": "containers: {app: {image: *i}}\n",
      },
      [
        "FW1006 a/overrides.score.yaml:1:27 the alias *i is not allowed [write the value out]",
        "FW1006 a/score.yaml:7:19 the anchor &v is not allowed [write the value out where it is needed]",
        "FW1006 a/score.yaml:8:9 the merge key << is not allowed [write the fields out]",
        "FW1006 a/score.yaml:9:32 the alias *v is not allowed [write the value out]",
        "FW1006 a/score.yaml:9:50 the alias *v is not allowed [write the value out]",
        "FW1006 a/score.yaml:10:17 the alias *db is not allowed [write the value out]",
        "FW1006 a/score.yaml:10:26 the alias *db is not allowed [write the value out]",
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
        "FW1102 a/overrides.score.yaml:3:5 image is missing: expected text [leave this override out]",
        "FW1101 a/overrides.score.yaml:4:5 unknown field varables: allowed are image, command, args, variables, files, volumes, before, resources, livenessProbe and readinessProbe [did you mean variables?]",
      ],
    ],
    [
      "overrides that take away what a probe needs",
      {
        "services/a/score.yaml": scoreFile("    readinessProbe: {exec: {command: ['true']}}\n"),
        "services/a/overrides.score.yaml":
          "containers:\n  app:\n    readinessProbe:\n      exec: null\n",
      },
      [
        "FW1104 a/overrides.score.yaml:4:7 readinessProbe is a map: expected httpGet or exec [leave this override out]",
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
