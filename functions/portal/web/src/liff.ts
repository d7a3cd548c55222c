/** @file LINE's SDK, of which only what the page needs: the whole is half as large again. */

import CloseWindow from "@line/liff/close-window";
import liff from "@line/liff/core";
import GetIDToken from "@line/liff/get-id-token";
import IsInClient from "@line/liff/is-in-client";
import IsLoggedIn from "@line/liff/is-logged-in";
import Login from "@line/liff/login";
import Logout from "@line/liff/logout";

for (const part of [new CloseWindow(), new GetIDToken(), new IsInClient(), new IsLoggedIn(), new Login(), new Logout()]) liff.use(part);

export default liff;
