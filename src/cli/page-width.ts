import type { Output } from "./context.ts";
import { TEXT_COLUMNS } from "./wrap.ts";

/** Without a terminal: wide enough for what people look for, and not for a command line with a whole environment in it. */
const PAGE_COLUMNS = 200;

/** How wide a drawing may be. Tables for scripts (`list`) are not cut in a pipe; drawings are for people everywhere. */
export const pageWidth = ({ columns }: Output): number => columns ?? PAGE_COLUMNS;

/** How wide sentences may be: longer lines read badly. */
export const proseWidth = ({ columns }: Output): number => Math.min(columns ?? TEXT_COLUMNS, TEXT_COLUMNS);
