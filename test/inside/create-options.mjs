// Makes namespaces with each option of createNamespaces, and prints what came of each as JSON: create-options.mjs LIBRARY.
const { createNamespaces, execIn } = await import(process.argv[2]);
const KEEP = { uid: "keep", gid: "keep", groups: "keep" };
const seen = {};

/** What a command prints in namespaces that were made so, by its lines. */
async function look(name, options, script, standing = {}) {
  try {
    const made = await createNamespaces(options);
    const { stdout } = await execIn(
      options.kinds.map((kind) => made[kind]),
      "sh",
      ["-c", script],
      standing,
    );
    seen[name] = stdout
      .trim()
      .split("\n")
      .map((line) => line.trim().replaceAll(/\s+/g, " "));
    made[Symbol.dispose]();
  } catch (error) {
    const { name: kind, code, syscall, subject, message } = error;
    seen[name] = { kind, code, syscall, subject, message };
  }
}

const MAP = "cat /proc/self/uid_map /proc/self/gid_map /proc/self/setgroups";
await look("maps root", { kinds: ["user"] }, MAP);
await look("maps none", { kinds: ["user"], maps: "none" }, MAP, KEEP);
const extents = (outside) => [{ inside: 0, outside, count: 1000 }];
await look("maps of ranges", { kinds: ["user"], maps: { uid: extents(200000), gid: extents(250000) } }, MAP);
await look("maps that are not the caller's", { kinds: ["user"], maps: { uid: extents(1), gid: extents(1) } }, MAP);
await look(
  "names",
  { kinds: ["user", "uts"], hostname: "made", domainname: "here" },
  "uname -n; cat /proc/sys/kernel/domainname",
);
await look("a name that is too long", { kinds: ["user", "uts"], hostname: "x".repeat(65) }, "true");
const offset = (seconds) => ({ seconds, nanoseconds: 0 });
const offsets = { monotonic: offset(5000n), boottime: offset(86400n) };
await look("offsets", { kinds: ["user", "time"], offsets }, "cat /proc/self/timens_offsets");
await look(
  "an offset that is too far",
  { kinds: ["user", "time"], offsets: { boottime: offset(-(10n ** 9n)) } },
  "true",
);
const ROOT =
  "while read -r _ _ _ _ at _ tag rest; do [ $at = / ] && echo $tag; done < /proc/self/mountinfo | sed s/:.*// | tail -n 1";
for (const propagation of [undefined, "private", "slave", "shared", "unchanged"]) {
  const options = { kinds: ["user", "mnt"], ...(propagation && { propagation }) };
  await look(`propagation ${propagation ?? "not said"}`, options, ROOT);
}
await look("no user namespace", { kinds: ["net"] }, "true");
await look("no user namespace, in French", { kinds: ["net"], language: "fr" }, "true");
await look("aborted", { kinds: ["user"], signal: AbortSignal.abort() }, "true");

const all = await createNamespaces({ kinds: ["user", "uts", "net", "mnt", "ipc", "cgroup", "time"] });
seen["owners"] = ["uts", "net", "mnt", "ipc", "cgroup", "time"].filter((kind) => all[kind].owner().id === all.user.id);
const below = await createNamespaces({ kinds: ["user", "net"], owner: all.user });
seen["owner"] = [below.user.parent().id === all.user.id, below.net.owner().id === below.user.id];
const beside = await createNamespaces({ kinds: ["net"], owner: all.user });
seen["owner alone"] = [beside.net.owner().id === all.user.id];
const later = new AbortController();
const pending = createNamespaces({ kinds: ["user", "net"], signal: later.signal });
later.abort();
seen["aborted meanwhile"] = await pending.then(
  () => "made",
  (error) => error.name,
);
console.log(JSON.stringify(seen));
