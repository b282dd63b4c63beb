import { describe } from "vitest";
import { requestFile, scoreFile } from "./root.fixture.ts";
import { traps } from "./traps.fixture.ts";

describe("what a schema refuses", () => {
  traps([
    [
      "a mistyped kind",
      {
        "services/a/service.yaml": requestFile("  type: worker\n").replace(
          "kind: ServiceRequest",
          "kind: ServiceReqest",
        ),
      },
      [
        'FW1105 a/service.yaml:2:7 kind is "ServiceReqest": expected ServiceRequest [did you mean ServiceRequest?]',
      ],
    ],
    [
      "another version of the API",
      { "services/a/service.yaml": requestFile("  type: worker\n").replace("com/v1", "com/v2") },
      [
        'FW1105 a/service.yaml:1:13 apiVersion is "platform.company.com/v2": expected platform.company.com/v1 [write apiVersion: platform.company.com/v1]',
      ],
    ],
    [
      "a Score document named service.yaml",
      { "services/a/service.yaml": scoreFile("") },
      [
        "FW1105 a/service.yaml:1:13 this is a Score document: expected platform.company.com/v1 [name the file score.yaml]",
      ],
    ],
    [
      "a ServiceRequest named score.yaml",
      { "services/a/score.yaml": requestFile("  type: worker\n") },
      [
        "FW1105 a/score.yaml:2:7 this is a ServiceRequest: expected Score [name the file service.yaml]",
      ],
    ],
    [
      "unknown fields",
      {
        "services/a/service.yaml": requestFile(
          "  type: worker\n  databse: postgresql\n  scaling: {min: 1, max: 2, cpus: 3}\n",
        ),
      },
      [
        "FW1101 a/service.yaml:7:3 unknown field databse: allowed are type, language, owner, tier, lifecycle, dataClass, description, links, image, command and 24 more [did you mean database?]",
        "FW1101 a/service.yaml:8:29 unknown field cpus: allowed are min, max, cpu, memory and schedule [did you mean cpu?]",
      ],
    ],
    [
      "fields as other tools call them",
      {
        "services/a/service.yaml": requestFile("  type: worker\n  replicas: 3\n").replace(
          /(  name: .*\n)/,
          "$1  owner: shop\n",
        ),
      },
      [
        "FW1101 a/service.yaml:5:3 unknown field owner: allowed are name, was and annotations [write it under spec]",
        "FW1101 a/service.yaml:8:3 unknown field replicas: allowed are type, language, owner, tier, lifecycle, dataClass, description, links, image, command and 24 more [write scaling: {min: 2, max: 4}]",
      ],
    ],
    [
      "missing fields",
      {
        "services/a/service.yaml": requestFile(
          "  language: java\n  scaling: {min: 1}\n  uses:\n    db: {}\n",
        ),
      },
      [
        "FW1102 a/service.yaml:5:1 type is missing: expected microservice, web, worker, job, cron, api-gateway or stateful [add type under spec]",
        "FW1102 a/service.yaml:7:3 max is missing: expected a number [add max under scaling]",
        "FW1102 a/service.yaml:9:5 type is missing: expected text [add type under db]",
      ],
    ],
    [
      "numbers, booleans and nothing where text is expected",
      {
        "services/a/service.yaml": requestFile(
          "  type: worker\n  env:\n    PORT: 8080\n    DEBUG: true\n  files:\n    /a: {content: x, mode: 0644}\n  resources: {cpu: 1}\n  description:\n",
        ),
      },
      [
        "FW1103 a/service.yaml:8:11 PORT is a number: expected text [write it in quotes]",
        "FW1103 a/service.yaml:9:12 DEBUG is a boolean: expected text [write it in quotes]",
        'FW1103 a/service.yaml:11:28 mode is the number 644: expected text [write "0644" in quotes]',
        'FW1103 a/service.yaml:12:20 cpu is the number 1: expected text [write "1" in quotes]',
        "FW1103 a/service.yaml:13:3 description is empty: expected text [write a value, or leave the field out]",
      ],
    ],
    [
      "text where numbers and lists are expected",
      {
        "services/a/service.yaml": requestFile(
          '  type: worker\n  port: "8080"\n  queues: orders\n',
        ),
      },
      [
        'FW1103 a/service.yaml:7:9 port is the text "8080": expected a number [write 8080 without quotes]',
        'FW1103 a/service.yaml:8:11 queues is the text "orders": expected a list [write ["orders"]]',
      ],
    ],
    [
      "values that are not allowed",
      {
        "services/a/service.yaml": requestFile(
          "  type: microservce\n  language: Java\n  database: postgre\n  cache: memcached\n  monitoring: yes\n",
        ),
      },
      [
        'FW1104 a/service.yaml:6:9 type is the text "microservce": expected microservice, web, worker, job, cron, api-gateway or stateful [did you mean microservice?]',
        'FW1104 a/service.yaml:7:13 language is the text "Java": expected java, kotlin, node, typescript, python, go, rust, dotnet, ruby or php [did you mean java?]',
        'FW1104 a/service.yaml:8:13 database is the text "postgre": expected postgresql, postgres, mysql or mongodb [did you mean postgres?]',
        'FW1104 a/service.yaml:9:10 cache is the text "memcached": expected redis',
        'FW1104 a/service.yaml:10:15 monitoring is the text "yes": expected enabled or disabled [write enabled]',
      ],
    ],
    [
      "a boolean for an enabled",
      { "services/a/service.yaml": requestFile("  type: worker\n  monitoring: true\n") },
      [
        "FW1104 a/service.yaml:7:15 monitoring is the boolean true: expected enabled or disabled [write enabled]",
      ],
    ],
    [
      "values out of bounds",
      {
        "services/a/service.yaml": requestFile(
          "  type: worker\n  port: 70000\n  scaling: {min: 0, max: 1.5}\n  slo: {availability: 100}\n  resources: {cpu: lots}\n",
        ),
      },
      [
        "FW1104 a/service.yaml:7:9 port is the number 70000: expected at most 65535",
        "FW1104 a/service.yaml:8:18 min is the number 0: expected at least 1",
        "FW1103 a/service.yaml:8:26 max is the number 1.5: expected a whole number",
        "FW1104 a/service.yaml:9:23 availability is the number 100: expected at most 99.999",
        'FW1104 a/service.yaml:10:20 cpu is the text "lots": expected a Kubernetes quantity of cpu, such as 500m',
      ],
    ],
    [
      "quantities and names as people write them",
      {
        "services/a/service.yaml": requestFile(
          "  type: worker\n  resources: {cpu: 1 core, memory: 1GB}\n  consumes: [Shop_API]\n  environments: {test: {resources: {memory: 512 mib}}}\n",
          "User-Service",
        ),
      },
      [
        'FW1104 a/service.yaml:4:9 name is the text "User-Service": expected a lower-case label of 2 to 63 characters (a-z, 0-9, -) [write user-service]',
        'FW1104 a/service.yaml:7:20 cpu is the text "1 core": expected a Kubernetes quantity of cpu, such as 500m',
        'FW1104 a/service.yaml:7:36 memory is the text "1GB": expected a Kubernetes quantity of memory, such as 512Mi [write 1Gi or 1G]',
        'FW1104 a/service.yaml:8:14 0 is the text "Shop_API": expected a lower-case label of 2 to 63 characters (a-z, 0-9, -) [write shop-api]',
        'FW1104 a/service.yaml:9:45 memory is the text "512 mib": expected a Kubernetes quantity of memory, such as 512Mi [write 512Mi]',
      ],
    ],
    [
      "texts of the wrong form",
      {
        "services/a/service.yaml": requestFile(
          "  type: worker\n  consents: [{resource: a, action: drop, reason: x, until: tomorrow}]\n  links: [{title: a, url: b}]\n  uses: {D_B: {type: xx}}\n",
        ),
      },
      [
        'FW1104 a/service.yaml:7:36 action is the text "drop": expected replace or delete',
        'FW1104 a/service.yaml:7:50 reason is the text "x": expected at least 10 characters',
        'FW1104 a/service.yaml:7:60 until is the text "tomorrow": expected a date such as 2026-12-31',
        'FW1104 a/service.yaml:8:27 url is the text "b": expected a URL such as https://example.com',
        "FW1104 a/service.yaml:9:10 the name D_B is not allowed: expected a lower-case label of 2 to 63 characters (a-z, 0-9, -) [write d-b]",
      ],
    ],
    [
      "a mistyped field in one branch of a union",
      { "services/a/service.yaml": requestFile("  type: web\n  route: {pth: /}\n") },
      [
        "FW1101 a/service.yaml:7:11 unknown field pth: allowed are host, path and port [did you mean path?]",
      ],
    ],
    [
      "a value that no branch of a union takes",
      { "services/a/service.yaml": requestFile("  type: web\n  route: 7\n") },
      ["FW1103 a/service.yaml:7:10 route is the number 7: expected a map of fields or a list"],
    ],
    [
      "a bad value in the branch of a union that fits",
      { "services/a/service.yaml": requestFile("  type: web\n  route: [{path: x}]\n") },
      ['FW1104 a/service.yaml:7:18 path is the text "x": expected text that begins with /'],
    ],
    [
      "a document that is text",
      { "services/a/service.yaml": "just text\n" },
      ['FW1103 a/service.yaml:1:1 the document is the text "just text": expected a map of fields'],
    ],
    [
      "a document that is a list",
      { "services/a/service.yaml": "- a\n" },
      ["FW1103 a/service.yaml:1:1 the document is a list: expected a map of fields"],
    ],
    [
      "an empty file",
      { "services/a/service.yaml": "" },
      ["FW1008 a/service.yaml:1:1 the file is empty"],
    ],
    [
      "a file over 1 MiB",
      { "services/a/service.yaml": "#".repeat(1024 * 1024 + 1) },
      ["FW1002 a/service.yaml:1:1 the file is larger than 1024 KiB"],
    ],
    [
      "UTF-16",
      { "services/a/service.yaml": Buffer.from("\uFEFFa: b", "utf16le") },
      ["FW1001 a/service.yaml:1:1 the file is not UTF-8 text"],
    ],
    [
      "a NUL byte",
      { "services/a/service.yaml": "a: \u0000\n" },
      ["FW1001 a/service.yaml:1:1 the file is not UTF-8 text"],
    ],
    [
      "a prototype key",
      { "services/a/service.yaml": requestFile("  type: worker\n  env: {__proto__: {a: b}}\n") },
      ["FW1009 a/service.yaml:7:9 the key __proto__ is not allowed [choose another key]"],
    ],
    [
      "numbers that other readers take for others",
      {
        "services/a/service.yaml": requestFile(
          "  type: worker\n  port: 0080\n  cost: {ceiling: 12345678901234567890}\n",
        ),
      },
      [
        'FW1013 a/service.yaml:7:9 0080 is decimal here, and octal to older readers of YAML [write 80, or "0080" in quotes for text]',
        'FW1013 a/service.yaml:8:19 12345678901234567890 is too large to be kept exactly as a number [write "12345678901234567890" in quotes]',
      ],
    ],
    [
      "a name that is too long",
      { "services/a/service.yaml": requestFile("  type: worker\n", "a".repeat(64)) },
      [
        "FW1104 a/service.yaml:4:9 name is a text of 64 characters: expected a lower-case label of 2 to 63 characters (a-z, 0-9, -)",
      ],
    ],
  ]);
});
