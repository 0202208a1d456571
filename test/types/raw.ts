import { CLONE_NEW, fcntl, fstat, ioctl, open } from "../../src/raw.ts";
import { same } from "./same.ts";

// What the compiler accepts and refuses; nothing here runs. `tsc -p .` fails where an expected error does not come.

export function theAnswerFollowsTheRequest(): void {
  const fd = open("/proc/self/ns/pid");
  same<typeof fd, number>(true);
  const owner = ioctl(fd, "NS_GET_USERNS");
  same<typeof owner, number>(true);
  const parent = ioctl(fd, "NS_GET_PARENT");
  same<typeof parent, number>(true);
  const kind = ioctl(fd, "NS_GET_NSTYPE");
  same<typeof kind, number>(true);
  const uid = ioctl(fd, "NS_GET_OWNER_UID");
  same<typeof uid, number>(true);
  const id = ioctl(fd, "NS_GET_ID");
  same<typeof id, bigint>(true);
  const mount = ioctl(fd, "NS_GET_MNTNS_ID");
  same<typeof mount, bigint>(true);
  const pid = ioctl(fd, "NS_GET_PID_FROM_PIDNS", 1);
  same<typeof pid, number>(true);
  ioctl(fd, "NS_GET_TGID_FROM_PIDNS", 1);
  ioctl(fd, "NS_GET_PID_IN_PIDNS", 1);
  ioctl(fd, "NS_GET_TGID_IN_PIDNS", 1);
  const { dev, ino } = fstat(fd);
  same<typeof dev, bigint>(true);
  same<typeof ino, bigint>(true);
  const flag = CLONE_NEW.CLONE_NEWUSER;
  same<typeof flag, 0x10000000>(true);

  // @ts-expect-error a translation takes a pid
  ioctl(fd, "NS_GET_PID_IN_PIDNS");
  // @ts-expect-error the others take none
  ioctl(fd, "NS_GET_PARENT", 1);
  // @ts-expect-error nor does this
  ioctl(fd, "NS_GET_ID", 1);
  // @ts-expect-error the pid is a number
  ioctl(fd, "NS_GET_PID_IN_PIDNS", 1n);
  // @ts-expect-error not a request of namespaces
  ioctl(fd, "FIONREAD");
  // @ts-expect-error requests are named, not numbered
  ioctl(fd, 0xb701);
  // @ts-expect-error a descriptor is a number
  ioctl("3", "NS_GET_USERNS");
  // @ts-expect-error these two only
  fcntl(fd, "F_SETFL");
}
