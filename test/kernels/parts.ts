import { devices } from "./devices.ts";
import { discovery } from "./discovery.ts";
import { doctor } from "./doctor.ts";
import { many } from "./many.ts";
import { operations } from "./operations.ts";
import type { Part } from "./part.ts";
import { product } from "./product.ts";
import { randomCalls } from "./random-calls.ts";

/** In this order, before the kernel cases: the guest is still as it was booted. */
export const PARTS: readonly Part[] = [doctor, product, discovery, many, operations, devices, randomCalls];
