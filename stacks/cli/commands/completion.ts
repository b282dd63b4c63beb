import { fail } from "../../contract/problem.ts";
import type { CommandFace, Run } from "../command.ts";
import { COMMANDS, COMMON_FLAGS } from "../commands.ts";

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

const flagsOf = (face: CommandFace): string =>
  [...face.flags, ...COMMON_FLAGS].map((flag) => `--${flag.name}`).join(" ");
const firstWords = (commands: readonly CommandFace[]): string =>
  [...new Set(commands.map((face) => face.name.split(" ")[0]!))].join(" ");
const secondWords = (commands: readonly CommandFace[]): readonly (readonly [string, string])[] => {
  const groups = new Map<string, string[]>();
  for (const face of commands) {
    const [first, second] = face.name.split(" ");
    if (second !== undefined) groups.set(first!, [...(groups.get(first!) ?? []), second]);
  }
  return [...groups].map(([first, seconds]) => [first, seconds.join(" ")]);
};
const taking = (commands: readonly CommandFace[], what: CommandFace["completes"]): string =>
  commands
    .filter((face) => face.completes === what)
    .map((face) => face.name.split(" ")[0])
    .join("|");

/** Names of services: `metadata.name` of every descriptor under ./services. */
const SERVICE_NAMES = `sed -n 's/^  name: *//p' services/*/service.yaml services/*/score*.yaml 2>/dev/null`;
const ENVIRONMENT_NAMES = `ls environments 2>/dev/null | sed -n 's/\\.yaml$//p'`;

function bash(commands: readonly CommandFace[]): string {
  return `# bash completion for fairway; made by \`fairway completion bash\`
_fairway() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" first="\${COMP_WORDS[1]}" words=""
  if [ "$before" = "--env" ] || [ "$before" = "-e" ]; then
    words="$(${ENVIRONMENT_NAMES})"
  elif [ "$COMP_CWORD" -eq 1 ]; then
    words="${firstWords(commands)}"
  else
    case "$first" in
${secondWords(commands)
  .map(([first, seconds]) => `      ${first}) [ "$COMP_CWORD" -eq 2 ] && words="${seconds}" ;;`)
  .join("\n")}
      ${taking(commands, "service")}) words="$(${SERVICE_NAMES})" ;;
      completion) words="bash zsh fish" ;;
    esac
    case "$word" in
      -*) case "$first" in
${commands.map((face) => `        ${face.name.split(" ")[0]}) words="${flagsOf(face)}" ;;`).join("\n")}
      esac ;;
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
  const lines = [
    "# fish completion for fairway; made by `fairway completion fish`",
    "complete -c fairway -f",
  ];
  for (const face of commands) {
    const [first, second] = face.name.split(" ");
    const summary = face.summary.replaceAll("'", "\\'");
    if (second === undefined)
      lines.push(`complete -c fairway -n __fish_use_subcommand -a ${first} -d '${summary}'`);
    else
      lines.push(
        `complete -c fairway -n '__fish_seen_subcommand_from ${first}' -a ${second} -d '${summary}'`,
      );
    for (const flag of face.flags) {
      lines.push(
        `complete -c fairway -n '__fish_seen_subcommand_from ${first}' -l ${flag.name}${flag.short ? ` -s ${flag.short}` : ""} -d '${flag.summary.replaceAll("'", "\\'")}'`,
      );
    }
    if (face.completes === "service")
      lines.push(
        `complete -c fairway -n '__fish_seen_subcommand_from ${first}' -a '(${SERVICE_NAMES.replaceAll("'", "\\'")})'`,
      );
  }
  for (const [first] of secondWords(commands))
    lines.push(`complete -c fairway -n __fish_use_subcommand -a ${first}`);
  return `${lines.join("\n")}\n`;
}
