import type { FactCase } from "../fact-case.ts";
import { TIME_OFFSET_FACTS } from "./time-offsets.ts";
import { CREATE_CLONE3_FACTS } from "./create-clone3.ts";
import { CREATE_KIND_FACTS } from "./create-kinds.ts";
import { CAPABILITY_FACTS } from "./caps.ts";
import { MAP_FILE_FACTS } from "./idmap-files.ts";
import { ID_FACTS } from "./idmap-ids.ts";
import { MAP_TEXT_FACTS } from "./idmap-texts.ts";
import { MAP_WRITER_FACTS } from "./idmap-writers.ts";
import { CREATE_LIMIT_FACTS } from "./create-limits.ts";
import { CREATE_PLACE_FACTS } from "./create-places.ts";
import { HANDLE_FACTS } from "./handles.ts";
import { IOCTL_INIT_FACTS } from "./ioctl-init.ts";
import { IOCTL_OWNER_FACTS } from "./ioctl-owner.ts";
import { IOCTL_PID_FACTS } from "./ioctl-pid.ts";
import { NSFS_LIFE_FACTS } from "./nsfs-life.ts";
import { NSFS_OPEN_FACTS } from "./nsfs-open.ts";
import { PIDFD_GET_FACTS } from "./pidfd-get.ts";
import { PIDFD_SETNS_FACTS } from "./pidfd-setns.ts";
import { RELATION_FACTS } from "./relations.ts";
import { SETNS_MATRIX_FACTS } from "./setns-matrix.ts";
import { SETNS_PLACE_FACTS } from "./setns-places.ts";
import { SETNS_SHARING_FACTS } from "./setns-sharing.ts";
import { SETNS_USER_FACTS } from "./setns-user.ts";

/** Every case that stands for a measured fact. */
export const FACT_CASES: readonly FactCase[] = [
  ...RELATION_FACTS,
  ...IOCTL_INIT_FACTS,
  ...IOCTL_PID_FACTS,
  ...IOCTL_OWNER_FACTS,
  ...PIDFD_GET_FACTS,
  ...HANDLE_FACTS,
  ...NSFS_OPEN_FACTS,
  ...NSFS_LIFE_FACTS,
  ...PIDFD_SETNS_FACTS,
  ...SETNS_MATRIX_FACTS,
  ...SETNS_SHARING_FACTS,
  ...SETNS_PLACE_FACTS,
  ...SETNS_USER_FACTS,
  ...CREATE_KIND_FACTS,
  ...CREATE_CLONE3_FACTS,
  ...MAP_TEXT_FACTS,
  ...MAP_WRITER_FACTS,
  ...MAP_FILE_FACTS,
  ...ID_FACTS,
  ...CAPABILITY_FACTS,
  ...CREATE_LIMIT_FACTS,
  ...CREATE_PLACE_FACTS,
  ...TIME_OFFSET_FACTS,
];
