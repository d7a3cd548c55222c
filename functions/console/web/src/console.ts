/** @file The one script of the console: every module looks for its own elements, and does nothing where there are none. */

import { countTexts } from "./count.ts";
import { markPhotos } from "./marking.ts";
import { closeMenus } from "./menu.ts";
import { followTexts } from "./preview.ts";
import { followProgress } from "./progress.ts";
import { warnUnsaved } from "./unsaved.ts";

closeMenus();
countTexts();
followTexts();
followProgress();
markPhotos();
warnUnsaved();
