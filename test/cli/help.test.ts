import { describe, expect, test } from "vitest";
import { loadCommand } from "../../src/cli/commands.ts";
import { helpJson, helpText, overviewText } from "../../src/cli/help.ts";
import { SUMMARIES, type CommandName } from "../../src/cli/summaries.ts";
import { columnsOf } from "../../src/render/width.ts";

const NAMES = Object.keys(SUMMARIES) as CommandName[];

describe.each(NAMES)("the help of %s", (name) => {
  test("fits 80 columns", async () => {
    const wide = helpText(await loadCommand(name))
      .split("\n")
      .filter((line) => columnsOf(line) > 80);
    expect(wide).toEqual([]);
  });
  test("has every option, each with a text that ends without a full stop", async () => {
    const { options, ...command } = await loadCommand(name);
    const text = helpText({ options, ...command });
    for (const [long, { help }] of Object.entries(options)) {
      expect(text).toContain(`--${long}`);
      expect(help).not.toMatch(/\.$|^[A-Z]/);
    }
  });
  test("has a twin for programs", async () => {
    const command = await loadCommand(name);
    expect(JSON.parse(helpJson(command))).toMatchObject({ name, summary: SUMMARIES[name] });
  });
  test("comes from a table in which no letter stands for two options", async () => {
    const letters = Object.values((await loadCommand(name)).options).flatMap(({ short = [] }) => short);
    expect(letters).toEqual([...new Set(letters)]);
  });
});

test("the overview", () => {
  expect(overviewText()).toMatchInlineSnapshot(`
    "Usage: nsatlas [COMMAND] [OPTIONS] [OPERANDS]

    An atlas of Linux namespaces: which there are, who owns whom, what keeps each
    alive. Without a command: tree.

    Commands:
      tree        draw the namespaces of this machine and who owns them
      list        print the namespaces as a table, as lsns does
      show        say everything about one namespace
      why         say what keeps a namespace alive, and what would let it go
      leaks       find namespaces without a process, and what holds them
      pid         say which number a process has in which pid namespace
      caps        say which capabilities a process has over a namespace, and why
      can         say whether a process may do something, with the proof
      who         list every process that has a capability over a namespace
      reach       say what a process can get to, step by step, and how
      audit       find walls between containers and machine that are missing
      ids         show uid and gid maps as ranges, translate ids, find shared ones
      enter       run a program in existing namespaces, as nsenter does
      run         run a program in new namespaces, as unshare does
      demo        play the manual page's sessions on the kernel and on the model
      checkpoint  write namespaces, and who stands in them, to an image
      verify      compare an image with what is there
      topology    draw an image, or a topology written by hand
      what-if     carry out calls in the model of the kernel, and say why
      snapshot    write what is seen to a file
      diff        compare two snapshots, or one with this machine
      restore     build namespaces and processes again from an image
      doctor      say what can be seen from here, and what would show more
      schema      print the JSON Schemas of what nsatlas writes
      completion  print a script with which your shell completes words
      help        say what nsatlas, or one command, takes
      version     print the version of nsatlas

    Options of every command:
          --json        the same as --format json
          --color WHEN  auto, always or never; NO_COLOR is honoured
          --proc DIR    read DIR in place of /proc
      -h, --help        print this help
      -V, --version     print the version

    A namespace is named by (REF):
      /proc/42/ns/net      a file; so does ./FILE and ../FILE
      net:/run/netns/blue  a file, refused unless it is of that kind
      net:[4026531833]     its inode; net:[0:4/4026531833] gives the device too
      42/net               a link of process 42; 42/43/net of its thread 43;
                           self/net
      net:blue             a name under /run/netns
      net:id:4711          its 64-bit id (Linux 6.18)
      fd:7                 a descriptor that nsatlas inherited
      4026531833           an inode of any kind

    Exit codes:
      0   done; the answer is yes
      1   the answer is no; a difference or a finding
      2   the words are off: an unknown option, a bad or ambiguous REF
      3   the answer is unknown: evidence is missing, it says which
      4   refused by the kernel: errno and reason are on stderr
      5   not supported by this kernel, machine or operating system
      6   the input file is damaged or of a newer format
      70  a bug in nsatlas (NSATLAS_DEBUG=1 shows where)
    "
  `);
});
test("the help of a command", async () => {
  expect(helpText(await loadCommand("tree"))).toMatchInlineSnapshot(`
    "Usage: nsatlas tree [OPTIONS]

    Draw the namespaces of this machine and who owns them.

    User namespaces are nested by parent; under each stand the namespaces it owns,
    with how many processes are in them and the most senior one, or what holds them.
    The last lines say what could not be seen, and why.

    Where there are many, alike namespaces share a line: --all, --type and --depth
    decide otherwise. With --json it prints the snapshot, as the command snapshot
    writes it.

    Pictures (--format svg, dot or mermaid) draw user namespaces as boxes in boxes,
    in each what it owns, and before it the processes in it or whatever else holds
    it; above 300 namespaces alike ones become one, with their number.

    --format html writes one page for a browser: the picture, search, each namespace
    with what keeps it, and why, can and who answered in it. It fetches nothing, and
    holds all that was seen: --redact leaves out what others should not read.

    With --world it looks at a world that is drawn as text, one namespace a line,
    its parent by indentation: "KIND:NAME [of user:NAME] [by UID] [empty] [pin
    PATH]…"; lines behind may say all else that a world has (docs/model.md). It
    takes neither Linux nor privileges.

    Options:
          --format FORMAT   one of tree, table, csv, ndjson, dot, mermaid, svg,
                            html, json
      -a, --all             every namespace on a line of its own
      -t, --type TYPE       only namespaces of this kind, within their user
                            namespaces; may be repeated
      -d, --depth N         so many levels of user namespaces
          --mounts REF      in place of it what is mounted in this mount namespace,
                            on what, and what is hidden
      -o, --output FILE     where to, replaced as a whole, mode 0600; - is standard
                            output
          --redact          leave out command lines, paths, names and addresses
          --no-threads      do not look at threads besides the first of each process
          --no-fds          do not look at open files, nor at sockets and pidfds
          --no-sockets      do not ask sockets for their network namespace
          --no-mounts       do not look at mounts
          --no-enter        send no process into other namespaces to look there
          --all-sources     look at all threads, open files and sockets, however
                            many there are
          --from FILE…      look at a snapshot in place of this machine; - is
                            standard input; several, or a folder: at one after the
                            other
          --world FILE      look at a world drawn as text, in the model; - is
                            standard input
          --as PROCESS      look at that world as this process of it, such as
                            user:box; else as its root
          --kernel RELEASE  the kernel the model behaves as; 6.18 if not said

    Options of every command:
          --json        the same as --format json
          --color WHEN  auto, always or never; NO_COLOR is honoured
          --proc DIR    read DIR in place of /proc
      -h, --help        print this help
      -V, --version     print the version

    Examples:
      nsatlas
          the namespaces of this machine
      nsatlas tree -t net -t mnt
          only these kinds
      nsatlas tree --depth 1
          the outermost user namespaces
      nsatlas tree --world containers.world --as user:outer
          a drawn world, as a process of it sees it
      nsatlas tree --mounts self/mnt
          what is mounted in your own mount namespace
      nsatlas tree --world containers.world --format svg
          a picture, for reports; also dot, mermaid
      nsatlas tree --format html -o atlas.html
          a page to search and to ask, for a browser
      nsatlas tree --json
          everything that was seen, for programs
    "
  `);
});
