import { describe, expect, test } from "vitest";
import { decodeSnapshot } from "../../src/snapshot/decode.ts";
import { holdersOf } from "../../src/snapshot/holders.ts";
import { indexSnapshot, type SnapshotIndex } from "../../src/snapshot/index-snapshot.ts";
import { cProgram } from "../support/c-program.ts";
import { needs } from "../support/needs.ts";
import { describeAsEachViewer, PROGRAMS, root, type Viewer } from "../support/viewers.ts";

/** What a shell's child sees after `script`. */
async function seenAfter(viewer: Viewer, script: string): Promise<SnapshotIndex> {
  const look = `${process.execPath} ${PROGRAMS.nsatlas} snapshot -o -`;
  const { stdout, stderr, code } = await viewer.run("sh", [
    "-c",
    `${script}\n${look}; came=$?; [ -z "$p" ] || { kill $p; wait $p; } 2>/dev/null; exit $came`,
  ]);
  expect([code, stderr]).toEqual([0, ""]);
  return indexSnapshot(await decodeSnapshot(stdout));
}

describeAsEachViewer("an open file of a network namespace that nobody is in", (viewer) => {
  test("is found, with its owner", needs("user-namespaces", "package:util-linux"), async () => {
    const index = await seenAfter(
      viewer,
      `unshare -Urn sleep 30 & p=$!
       until [ "$(readlink /proc/$p/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.05; done
       exec 9</proc/$p/ns/net; kill $p; wait $p 2>/dev/null || true; p=`,
    );
    // The shell's; nsatlas's own, which it has inherited, Node has made close-on-exec.
    const mine = index.snapshot.descriptors.filter(
      ({ what, fd, closeOnExec }) => what === "namespace" && fd === 9 && closeOnExec === false,
    );
    expect(mine).toHaveLength(1);
    const net = index.namespaces.get(mine[0]?.namespace ?? index.snapshot.namespaces[0]?.id ?? fail());
    expect(net?.kind).toBe("net");
    // Whoever else looks at the machine has it open for that long, too.
    const ours = net && holdersOf(index, net.id).filter((one) => "descriptor" in one && one.descriptor.fd === 9);
    expect(ours?.map(({ kind }) => kind)).toEqual(["descriptor", "descriptor"]);
    const owner = net && "to" in net.owner ? net.owner.to : fail();
    expect(holdersOf(index, owner).map(({ kind }) => kind)).toEqual(["owned"]);
  });
});

describe("as root", needs("root", "package:util-linux"), () => {
  test("a file that was opened through a bind mount is told by what it is, and not by its path", async () => {
    const index = await seenAfter(
      root,
      `exec 8<&- 9<&-
       f=$(mktemp); unshare -m --propagation private sh -c '
         mount --bind /proc/self/ns/uts "$1" || exit 1
         unshare -u sh -c "mount --bind /proc/self/ns/uts \\$1" sh "$1"
         exec 9<"$1"; umount -l "$1"; readlink /proc/self/fd/9 >&2
         echo >"$1.ready"; exec sleep 5' sh "$f" 2>/dev/null & p=$!
       until [ -e "$f.ready" ]; do sleep 0.05; done; rm "$f" "$f.ready"`,
    );
    const uts = index.snapshot.descriptors.find(
      ({ what, fd, namespace }) =>
        what === "namespace" && fd === 9 && namespace !== undefined && index.namespaces.get(namespace)?.kind === "uts",
    );
    expect(uts).toBeDefined();
  });

  test(
    "descriptors under way are counted, and the sockets they are under way to are named",
    needs("package:gcc"),
    async () => {
      using program = cProgram({ text: IN_FLIGHT });
      const index = await seenAfter(root, `${program.path} & p=$!; sleep 0.3`);
      const waiting = index.snapshot.descriptors.filter((one) => one.what === "socket" && one.inFlight !== undefined);
      expect(waiting).toMatchObject([{ what: "socket", inFlight: 2 }]);
      const row = index.snapshot.coverage.find(({ source }) => source === "in-flight");
      expect(row).toMatchObject({ asked: 0, skipped: { why: "no-call", count: 2 } });
    },
  );
});

const fail = (): never => {
  throw new Error("it is not there");
};

const IN_FLIGHT = `
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
int main(void) {
  int ends[2], files[2];
  char room[CMSG_SPACE(sizeof files)];
  struct iovec text = {"x", 1};
  struct msghdr message = {.msg_iov = &text, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};
  socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
  files[0] = files[1] = open("/proc/self/ns/net", O_RDONLY);
  struct cmsghdr *control = CMSG_FIRSTHDR(&message);
  control->cmsg_level = SOL_SOCKET;
  control->cmsg_type = SCM_RIGHTS;
  control->cmsg_len = CMSG_LEN(sizeof files);
  memcpy(CMSG_DATA(control), files, sizeof files);
  sendmsg(ends[0], &message, 0);
  close(1);
  close(2);
  sleep(4);
  return 0;
}
`;
