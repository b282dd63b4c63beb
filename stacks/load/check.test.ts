import { describe } from "vitest";
import { requestFile, scoreFile } from "./root.fixture.ts";
import { traps } from "./traps.fixture.ts";

describe("what a descriptor cannot mean", () => {
  traps([
    [
      "both kinds of descriptor in one folder",
      {
        "services/a/service.yaml": requestFile("  type: worker\n"),
        "services/a/score.yaml": scoreFile(""),
      },
      [
        "FW1201 a/score.yaml:1:1 the folder holds service.yaml and score.yaml: expected one kind [move one of them to a folder of its own]",
      ],
    ],
    [
      "a descriptor of another name",
      { "services/a/service.yml": requestFile("  type: worker\n") },
      [
        "FW1202 a/service.yml:1:1 service.yml is not the name of a descriptor: expected service.yaml or score.yaml [name it service.yaml]",
      ],
    ],
    [
      "two services of one name",
      {
        "services/a/service.yaml": requestFile("  type: worker\n"),
        "services/b/service.yaml": requestFile("  type: worker\n"),
      },
      [
        "FW1203 b/service.yaml:4:9 the name user-service is taken by services/a/service.yaml [rename one of the two]",
      ],
    ],
    [
      "reserved names",
      {
        "services/a/service.yaml": requestFile("  type: worker\n", "platform"),
        "services/b/service.yaml": requestFile("  type: worker\n", "shared-x"),
      },
      [
        "FW1204 a/service.yaml:4:9 the name platform is reserved: not allowed are platform, cloud, iam, constructor and shared-* [choose another name]",
        "FW1204 b/service.yaml:4:9 the name shared-x is reserved: not allowed are platform, cloud, iam, constructor and shared-* [choose another name]",
      ],
    ],
    [
      "unknown environments and fields in overrides",
      {
        "services/a/service.yaml": requestFile(
          "  type: worker\n  environments:\n    tset: {tier: critical}\n    test: {owner: x}\n",
        ),
      },
      [
        "FW1206 a/service.yaml:8:5 unknown environment tset: expected test [did you mean test?]",
        "FW1101 a/service.yaml:9:12 unknown field owner: allowed are type, language, tier, lifecycle, dataClass, description, links, image, command, args, port, ports, health, env, files, database, cache, uses, queues, topics, consumes, provides, monitoring, scaling, resources, route, visibility, schedule, slo, cost, patches and consents [leave it out]",
      ],
    ],
    [
      "an override that breaks the merged whole",
      {
        "services/a/service.yaml": requestFile(
          "  type: worker\n  scaling: {min: 2, max: 4}\n  environments:\n    test: {scaling: {max: 1}, slo: {latency: 5}}\n",
        ),
      },
      [
        "FW1214 a/service.yaml:9:27 scaling.min is 2, above scaling.max, which is 1 [write a max of at least 2]",
        "FW1102 a/service.yaml:9:31 availability is missing: expected a number [add availability under slo]",
      ],
    ],
    [
      "an override that crosses bounds",
      {
        "services/a/service.yaml": requestFile(
          "  type: worker\n  scaling: {min: 2, max: 4}\n  environments:\n    test: {scaling: {max: 1}}\n",
        ),
      },
      [
        "FW1214 a/service.yaml:9:27 scaling.min is 2, above scaling.max, which is 1 [write a max of at least 2]",
      ],
    ],
    [
      "placeholders that name nothing or cannot be read",
      {
        "services/a/service.yaml": requestFile(
          "  type: worker\n  database: postgresql\n  env:\n    A: ${resources.databse.host}\n    B: ${metadta.name}\n    C: ${metadata.nam}\n    D: ${metadata.name.x}\n    F: $${fine} $$ ${metadata.name}\n    G: ${}\n",
        ),
      },
      [
        'FW1208 a/service.yaml:9:8 no resource "databse": expected database [did you mean database?]',
        "FW1207 a/service.yaml:10:8 unknown root of the placeholder ${metadta.name}: allowed are metadata and resources [write $${metadta.name} for the text ${metadta.name} itself]",
        'FW1208 a/service.yaml:11:8 no key "nam" in metadata: expected name [did you mean name?]',
        'FW1208 a/service.yaml:12:8 no key "x" in metadata.name: expected nothing',
        "FW1207 a/service.yaml:14:8 unknown root of the placeholder ${}: allowed are metadata and resources [write $${} for the text ${} itself]",
      ],
    ],
    [
      "dependencies on services that do not exist",
      {
        "services/a/service.yaml": requestFile(
          "  type: worker\n  consumes: [shop-web, nobody]\n",
          "shop-api",
        ),
        "services/b/service.yaml": requestFile(
          "  type: worker\n  uses:\n    shop-apy: {type: service}\n    y1: {type: endpoint, params: {service: shop-ap}}\n    y2: {type: service-port, params: {workload: nowhere}}\n",
          "shop-web",
        ),
      },
      [
        "FW1209 a/service.yaml:7:24 no service nobody: expected shop-web",
        "FW1209 b/service.yaml:8:5 no service shop-apy: expected shop-api [did you mean shop-api?]",
        "FW1209 b/service.yaml:9:44 no service shop-ap: expected shop-api [did you mean shop-api?]",
        "FW1209 b/service.yaml:10:49 no service nowhere: expected shop-api",
      ],
    ],
    [
      "a dependency on a service whose descriptor is broken, only in that descriptor",
      {
        "services/a/service.yaml": requestFile("  type: worker\n  consumes: [bb]\n", "aa"),
        "services/b/service.yaml": requestFile("  type: x\n", "bb"),
      },
      [
        'FW1104 b/service.yaml:6:9 type is the text "x": expected microservice, web, worker, job, cron, api-gateway or stateful',
      ],
    ],
    [
      "a cycle between services",
      {
        "services/a/service.yaml": requestFile("  type: worker\n  consumes: [bb]\n", "aa"),
        "services/b/service.yaml": requestFile(
          "  type: worker\n  uses: {cc: {type: service}}\n",
          "bb",
        ),
        "services/c/service.yaml": requestFile("  type: worker\n  consumes: [aa]\n", "cc"),
      },
      ["FW1210 a/service.yaml:7:14 services depend on each other: aa → bb → cc → aa"],
    ],
    [
      "a cycle between resources",
      {
        "services/a/service.yaml": requestFile(
          "  type: worker\n  uses:\n    aa: {type: dns, params: {x: '${resources.bb.host}'}}\n    bb: {type: dns, params: {x: ['${resources.aa.host}']}}\n",
        ),
      },
      ["FW1211 a/service.yaml:8:21 the resources refer to each other: aa → bb → aa"],
    ],
    [
      "type cron without a schedule",
      { "services/a/service.yaml": requestFile("  type: cron\n") },
      ['FW1213 a/service.yaml:6:9 type cron needs a schedule [add, say, schedule: "15 2 * * *"]'],
    ],
    [
      "a bad schedule, and one of a worker",
      { "services/a/service.yaml": requestFile("  type: worker\n  schedule: '15 2 * * 9'\n") },
      [
        'FW1212 a/service.yaml:7:13 the day of week "9" cannot be read: expected 0 to 6, a range, a list, or */n',
        "FW1213 a/service.yaml:7:13 a schedule with type worker: only type cron has one [write type: cron]",
      ],
    ],
    [
      "what fields mean, whatever is wrong with others",
      {
        "services/a/service.yaml": requestFile(
          "  type: crn\n  databse: mysql\n  schedule: '@daily'\n  image: A b\n  resources: {memory: 500m}\n  environments: {test: {schedule: '61 * * * *'}}\n",
        ),
      },
      [
        'FW1104 a/service.yaml:6:9 type is the text "crn": expected microservice, web, worker, job, cron, api-gateway or stateful [did you mean cron?]',
        "FW1101 a/service.yaml:7:3 unknown field databse: allowed are type, language, owner, tier, lifecycle, dataClass, description, links, image, command and 24 more [did you mean database?]",
        'FW1212 a/service.yaml:8:13 @daily is a short form: expected five fields [write "0 0 * * *"]',
        'FW1104 a/service.yaml:9:10 image is the text "A b": expected an image reference such as registry.example.com/shop-api:1.2',
        "FW1219 a/service.yaml:10:23 memory is less than 64Ki: surely not meant [write, say, 512Mi]",
        'FW1212 a/service.yaml:11:35 the minute "61" cannot be read: expected 0 to 59, a range, a list, or */n',
      ],
    ],
    [
      "what fields of a Score document mean, whatever is wrong with others",
      {
        "services/a/score.yaml": scoreFile(
          "    imge: x\n    resources: {limits: {memory: '500'}}\n",
        ).replace("name: web", "name: web\n  annotations: {fairway.dev/schedule: '* * *'}"),
      },
      [
        'FW1212 a/score.yaml:4:39 the schedule has 3 fields: expected five (minute, hour, day of month, month, day of week) [write, say, "15 2 * * *" for a quarter past two every night]',
        "FW1213 a/score.yaml:4:39 a schedule with type worker: only type cron has one [write type: cron]",
        "FW1101 a/score.yaml:8:5 unknown field imge: allowed are image, command, args, variables, files, volumes, before, resources, livenessProbe and readinessProbe [did you mean image?]",
        "FW1219 a/score.yaml:9:34 memory is less than 64Ki: surely not meant [write, say, 512Mi]",
      ],
    ],
    [
      "crossed bounds of scaling",
      { "services/a/service.yaml": requestFile("  type: worker\n  scaling: {min: 5, max: 2}\n") },
      [
        "FW1214 a/service.yaml:7:18 scaling.min is 5, above scaling.max, which is 2 [write a min of at most 2]",
      ],
    ],
    [
      "windows that cannot be read, never begin, never end, or leave the bounds",
      {
        "services/a/service.yaml": requestFile(
          [
            "  type: worker",
            "  scaling:",
            "    min: 2",
            "    max: 10",
            "    schedule:",
            "      - {from: 0 8 * * 1-5, to: 0 18 * * 1-5, replicas: 10, timeZone: Europe/Berlin}",
            "      - {from: 0 25 * * *, to: '@daily', replicas: 5, timeZone: Europe/Berln}",
            "      - {from: 0 0 31 4 *, to: 0 0 1 5 *, replicas: 11, timeZone: europe/berlin}",
            "      - {from: 0 8 * * 0, to: 00 8 * * sun, replicas: 1}",
            "  environments: {test: {scaling: {max: 4}}}",
            "",
          ].join("\n"),
        ),
      },
      [
        "FW1221 a/service.yaml:11:57 the window has 10 replicas, above scaling.max, which is 4 [write 2 to 4, or a max of at least 10]",
        'FW1212 a/service.yaml:12:16 the hour "25" cannot be read: expected 0 to 23, a range, a list, or */n',
        'FW1212 a/service.yaml:12:32 @daily is a short form: expected five fields [write "0 0 * * *"]',
        "FW1221 a/service.yaml:12:52 the window has 5 replicas, above scaling.max, which is 4 [write 2 to 4, or a max of at least 5]",
        'FW1220 a/service.yaml:12:65 there is no time zone "Europe/Berln" [did you mean Europe/Berlin?]',
        "FW1212 a/service.yaml:13:16 the schedule never fires: no month named has day 31",
        "FW1221 a/service.yaml:13:53 the window has 11 replicas, above scaling.max, which is 10 [write 2 to 10, or a max of at least 11]",
        "FW1221 a/service.yaml:13:53 the window has 11 replicas, above scaling.max, which is 4 [write 2 to 4, or a max of at least 11]",
        'FW1220 a/service.yaml:13:67 there is no time zone "europe/berlin" [did you mean Europe/Berlin?]',
        'FW1221 a/service.yaml:14:31 the window ends when it begins: from and to are both "00 8 * * sun" [write a later end, or raise scaling.min where it is to last for ever]',
        "FW1221 a/service.yaml:14:55 the window has 1 replicas, below scaling.min, which is 2 [write 2 to 4, or a min of at most 1]",
      ],
    ],
    [
      "windows, whatever is wrong with others",
      {
        "services/a/service.yaml": requestFile(
          "  type: crn\n  scaling: {min: 1, max: 2, schedule: [{from: 61 * * * *, to: '* *', replicas: 2, timeZone: Mars}]}\n",
        ),
      },
      [
        'FW1104 a/service.yaml:6:9 type is the text "crn": expected microservice, web, worker, job, cron, api-gateway or stateful [did you mean cron?]',
        'FW1212 a/service.yaml:7:47 the minute "61" cannot be read: expected 0 to 59, a range, a list, or */n',
        'FW1212 a/service.yaml:7:63 the schedule has 2 fields: expected five (minute, hour, day of month, month, day of week) [write, say, "15 2 * * *" for a quarter past two every night]',
        'FW1220 a/service.yaml:7:93 there is no time zone "Mars" [write, say, Europe/Berlin or Etc/UTC]',
      ],
    ],
    [
      "ports that conflict, and a route to none of them",
      {
        "services/a/service.yaml": requestFile(
          "  type: worker\n  ports: {aa: {port: 80}, bb: {port: 80}, cc: {port: 80, protocol: UDP}}\n  route: {port: 81}\n",
        ),
      },
      [
        "FW1215 a/service.yaml:7:27 the ports aa and bb are both 80/TCP",
        "FW1104 a/service.yaml:8:17 the route leads to port 81: expected 80",
      ],
    ],
    [
      "files of APIs that are missing or outside",
      {
        "services/a/service.yaml": requestFile(
          "  type: worker\n  provides:\n    - {name: one, kind: openapi, file: api/openapi.yaml}\n    - {name: two, kind: openapi, file: ../../../etc/passwd}\n",
        ),
      },
      [
        'FW1217 a/service.yaml:8:40 no file "api/openapi.yaml" beside the descriptor [add services/a/api/openapi.yaml, or mend the path]',
        'FW1015 a/service.yaml:9:40 the file "../../../etc/passwd" lies outside of the root [write a path relative to the descriptor that stays inside the root]',
      ],
    ],
    [
      "one thing said twice",
      {
        "services/a/service.yaml": requestFile(
          "  type: worker\n  port: 80\n  ports: {aa: {port: 81}}\n  database: mysql\n  uses: {database: {type: postgres}}\n  queues: [orders, orders]\n",
        ),
      },
      [
        "FW1216 a/service.yaml:7:3 port and ports both say where the service listens [keep one of the two]",
        "FW1216 a/service.yaml:10:10 the resource database is given by database and here [rename or drop one of them]",
        "FW1216 a/service.yaml:11:20 the resource orders is given by queues.0 and here [rename or drop one of them]",
      ],
    ],
    [
      "files that no container can have, or that hide each other",
      {
        "services/a/service.yaml": requestFile(
          "  type: worker\n  files:\n    /a//b/: {content: x}\n    /a/b: {content: y}\n    /c:d: {content: z}\n    /e/../: {content: z}\n  environments: {test: {files: {/a/./b: {content: z}}}}\n",
        ),
      },
      [
        "FW1303 a/service.yaml:9:5 the target /a/b is taken by /a//b/ [choose another target]",
        'FW1303 a/service.yaml:10:5 the target "/c:d" is not allowed: expected a path without a colon [choose another target]',
        'FW1303 a/service.yaml:11:5 the target "/e/../" is not allowed: expected a path below / [choose another target]',
        "FW1303 a/service.yaml:12:33 the target /a/./b is taken by /a//b/ [choose another target]",
      ],
    ],
    [
      "what a descriptor means, whatever its schema refuses of it",
      {
        "services/a/service.yaml": requestFile(
          "  type: worker\n  evn: {}\n  scaling: {min: 5, max: 2, memroy: 50}\n  env: {H: '${resources.nope.host}', D: '${resources.database.host}'}\n  database: postgrsql\n  ports: {aa: {port: 80}, bb: {port: 80}}\n  route: {port: 81}\n",
        ),
      },
      [
        "FW1101 a/service.yaml:7:3 unknown field evn: allowed are type, language, owner, tier, lifecycle, dataClass, description, links, image, command and 24 more [did you mean env?]",
        "FW1214 a/service.yaml:8:18 scaling.min is 5, above scaling.max, which is 2 [write a min of at most 2]",
        "FW1101 a/service.yaml:8:29 unknown field memroy: allowed are min, max, cpu, memory and schedule [did you mean memory?]",
        'FW1208 a/service.yaml:9:12 no resource "nope": expected nothing',
        'FW1104 a/service.yaml:10:13 database is the text "postgrsql": expected postgresql, postgres, mysql or mongodb [did you mean postgresql?]',
        "FW1215 a/service.yaml:11:27 the ports aa and bb are both 80/TCP",
        "FW1104 a/service.yaml:12:17 the route leads to port 81: expected 80",
      ],
    ],
    [
      "what an environment's overrides mean, whatever is wrong elsewhere",
      {
        "services/a/service.yaml": requestFile(
          "  type: worker\n  scaling: {min: 2, max: '4'}\n  slo: {availability: high}\n  environments:\n    test: {scaling: {min: 9}, slo: {latency: 5}, env: {A: '${resources.x}'}, schedule: 5}\n",
        ),
      },
      [
        'FW1103 a/service.yaml:7:26 max is the text "4": expected a number [write 4 without quotes]',
        'FW1103 a/service.yaml:8:23 availability is the text "high": expected a number',
        'FW1208 a/service.yaml:10:59 no resource "x": expected nothing',
        'FW1103 a/service.yaml:10:88 schedule is the number 5: expected text [write "5" in quotes]',
      ],
    ],
    [
      "what is refused, and nothing that follows from it",
      {
        "services/a/service.yaml": requestFile(
          [
            "  type: cron",
            "  schedule: [daily]",
            "  ports: {aa: {port: 80}, bb: {port: 80, protocol: udp}, Cc: {port: 81}}",
            "  route: {port: 81}",
            "  queues: [Orders, mail]",
            "  uess: {db: {type: postgres}}",
            "  uses: {aa: 5, bb: {type: 7}}",
            "  env: {A: '${resources.db.host}', B: '${resources.mail.url}', C: '${resources.aa.x}${resources.bb.x}'}",
            "",
          ].join("\n"),
        ).replace("spec:", "  annotations: {a: 5}\nspec:"),
      },
      [
        'FW1103 a/service.yaml:5:20 a is the number 5: expected text [write "5" in quotes]',
        "FW1103 a/service.yaml:8:3 schedule is a list: expected text",
        'FW1104 a/service.yaml:9:52 protocol is the text "udp": expected TCP or UDP [did you mean UDP?]',
        "FW1104 a/service.yaml:9:58 the name Cc is not allowed: expected a lower-case label of 2 to 63 characters (a-z, 0-9, -) [write cc]",
        'FW1104 a/service.yaml:11:12 0 is the text "Orders": expected a lower-case label of 2 to 63 characters (a-z, 0-9, -) [write orders]',
        "FW1101 a/service.yaml:12:3 unknown field uess: allowed are type, language, owner, tier, lifecycle, dataClass, description, links, image, command and 24 more [did you mean uses?]",
        "FW1103 a/service.yaml:13:14 aa is the number 5: expected a map of fields",
        'FW1103 a/service.yaml:13:28 type is the number 7: expected text [write "7" in quotes]',
      ],
    ],
    [
      "a merge key, and nothing that follows from it",
      {
        "services/a/service.yaml": requestFile(
          "  <<: *base\n  route: *route\n  uses: {db: *db}\n  env: {A: '${resources.db.x}', B: '${resources.other.x}', C: '${metadata.nope}'}\n",
        ),
      },
      [
        "FW1006 a/service.yaml:6:3 the merge key << is not allowed [write the fields out]",
        "FW1006 a/service.yaml:7:10 the alias *route is not allowed [write the value out]",
        "FW1006 a/service.yaml:8:14 the alias *db is not allowed [write the value out]",
        'FW1208 a/service.yaml:9:63 no key "nope" in metadata: expected name',
      ],
    ],
    [
      "memory of half a byte",
      { "services/a/service.yaml": requestFile("  type: worker\n  resources: {memory: 500m}\n") },
      ["FW1219 a/service.yaml:7:23 memory is less than 64Ki: surely not meant [write, say, 512Mi]"],
    ],
  ]);
});
