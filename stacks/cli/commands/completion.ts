import { fail } from "../../contract/problem.ts";
import type { CommandFace, Run } from "../command.ts";
import { COMMANDS, COMMON_FLAGS } from "../commands.ts";
import { TEMPLATES } from "../templates.ts";
import { explained } from "./explain.ts";

const SHELLS: Readonly<Record<string, (commands: readonly CommandFace[]) => string>> = {
  bash,
  zsh,
  fish,
};

/** `fairway completion SHELL`: a script made from the table of commands; service names are read from the folder at hand. */
export const run: Run = async (_context, { operands: [shell = ""] }) => {
  const script = SHELLS[shell];
  if (!script)
    fail("FW7003", `there is no completion for \`${shell}\`: bash, zsh, fish`, {
      hint: "write `fairway completion bash`",
    });
  const text = script(COMMANDS);
  return { exit: 0, data: { shell, script: text }, text };
};

/** The commands of one first word: `up` alone, `cluster up` and its kin together. */
interface Group {
  readonly first: string;
  readonly seconds: readonly string[];
  readonly faces: readonly CommandFace[];
}

function groupsOf(commands: readonly CommandFace[]): readonly Group[] {
  const firsts = [...new Set(commands.map((face) => face.name.split(" ")[0]!))];
  return firsts.map((first) => {
    const faces = commands.filter((face) => face.name.split(" ")[0] === first);
    return { first, faces, seconds: faces.flatMap((face) => face.name.split(" ").slice(1)) };
  });
}

// Only what a name may hold is taken from files: shells expand the words that they are given.
const SERVICE_NAMES = `sed -n 's/^  name: *\\([a-z0-9-]*\\) *$/\\1/p' services/*/service.yaml services/*/score*.yaml 2>/dev/null`;
const ENVIRONMENT_NAMES = `ls environments 2>/dev/null | sed -n 's/^\\([a-z0-9-]*\\)\\.yaml$/\\1/p'`;

/** What operands complete to, as words of a shell. */
function operandWords(face: CommandFace): string {
  if (face.name === "completion") return Object.keys(SHELLS).join(" ");
  switch (face.completes) {
    case "service":
      return `$(${SERVICE_NAMES})`;
    case "template":
      return Object.keys(TEMPLATES).join(" ");
    case "explain":
      return explained().join(" ");
    default:
      return "";
  }
}

function bash(commands: readonly CommandFace[]): string {
  const groups = groupsOf(commands);
  const operands = groups.map(({ first, seconds, faces }) => {
    const words = operandWords(faces[0]!);
    // `explain` is a command, and `explain iam` another.
    const alone = faces.find((face) => face.name === first);
    const second = [...seconds, ...(alone ? [operandWords(alone)] : [])].join(" ");
    return seconds.length === 0
      ? `      ${first}) words="${words}" ;;`
      : `      ${first}) if [ "$COMP_CWORD" -eq 2 ]; then words="${second}"; else words="${words}"; fi ;;`;
  });
  const flags = groups.map(({ first, faces }) => {
    const names = [...faces.flatMap((face) => face.flags), ...COMMON_FLAGS].map(
      (flag) => `--${flag.name}`,
    );
    return `      ${first}) words="${[...new Set(names)].join(" ")}" ;;`;
  });
  return `# bash completion for fairway; made by \`fairway completion bash\`
_fairway() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" first="\${COMP_WORDS[1]}" words=""
  if [ "$before" = "--env" ] || [ "$before" = "-e" ]; then
    words="$(${ENVIRONMENT_NAMES})"
  elif [ "$COMP_CWORD" -eq 1 ]; then
    words="${groups.map(({ first }) => first).join(" ")}"
  elif [[ "$word" = -* ]]; then
    case "$first" in
${flags.join("\n")}
    esac
  else
    case "$first" in
${operands.join("\n")}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -F _fairway fairway
`;
}

function zsh(commands: readonly CommandFace[]): string {
  return `#compdef fairway
# zsh completion for fairway; made by \`fairway completion zsh\`
autoload -U +X bashcompinit && bashcompinit
${bash(commands)}`;
}

function fish(commands: readonly CommandFace[]): string {
  const quoted = (text: string): string => `'${text.replaceAll(/[\\']/g, "\\$&")}'`;
  const lines = groupsOf(commands).flatMap(({ first, seconds, faces }) => {
    const seen = `complete -c fairway -n '__fish_seen_subcommand_from ${first}'`;
    const flags = new Map(faces.flatMap((face) => face.flags).map((flag) => [flag.name, flag]));
    const words = [...new Set(faces.map(operandWords))]
      .map((each) => each.replace(/^\$/, ""))
      .join(" ")
      .trim();
    return [
      `complete -c fairway -n __fish_use_subcommand -a ${first} -d ${quoted(faces[0]!.summary)}`,
      ...faces
        .slice(0, seconds.length)
        .map((face, i) => `${seen} -a ${seconds[i]} -d ${quoted(face.summary)}`),
      ...[...flags.values()].map(
        (flag) =>
          `${seen} -l ${flag.name}${flag.short ? ` -s ${flag.short}` : ""}${flag.name === "env" ? ` -x -a ${quoted(`(${ENVIRONMENT_NAMES})`)}` : ""} -d ${quoted(flag.summary)}`,
      ),
      ...(words === "" ? [] : [`${seen} -a ${quoted(words)}`]),
    ];
  });
  return [
    "# fish completion for fairway; made by `fairway completion fish`",
    "complete -c fairway -f",
    ...lines,
    "",
  ].join("\n");
}
