"""Signs in at the console of the local city, as a browser does; gives the session's cookie."""

from html.parser import HTMLParser
from http.client import HTTPConnection
from urllib.parse import urlencode, urljoin, urlsplit

_SESSION = "__Host-kairan"
_STEPS_MAX = 10


class _Form(HTMLParser):
    """The fields that the issuer's form holds, and where it goes."""

    def __init__(self, page):
        super().__init__()
        self.action, self.fields = "", {}
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.action = attrs.get("action") or ""
        if tag == "input" and "name" in attrs:
            self.fields[attrs["name"]] = attrs.get("value") or ""


def session_cookie(city):
    """The cookie of the first of the sample staff, as a request sends it."""
    person = city["people"][0]
    cookies = {}
    address, body = urljoin(city["console"], "/sign-in"), None
    for _ in range(_STEPS_MAX):
        answer, page = _ask(address, body, cookies)
        if _SESSION in cookies:
            return f"{_SESSION}={cookies[_SESSION]}"
        if location := answer.getheader("location"):
            address, body = urljoin(address, location), None
            continue
        form = _Form(page)
        typed = {"username": person["email"], "password": person["password"]}
        address, body = urljoin(address, form.action), urlencode(form.fields | typed)
    raise SystemExit(f"{person['email']} cannot sign in: it ended at {address}")


def _ask(address, body, cookies):
    parts = urlsplit(address)
    # Every name of the city is this machine, but not every machine knows that of names below localhost.
    connection = HTTPConnection("127.0.0.1", parts.port, timeout=30)
    headers = {"Host": parts.netloc, "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    if body is not None:
        headers |= {"Content-Type": "application/x-www-form-urlencoded"}
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    connection.request("GET" if body is None else "POST", target, body, headers)
    answer = connection.getresponse()
    page = answer.read().decode(errors="replace")
    for cookie in answer.headers.get_all("set-cookie") or []:
        name, _, value = cookie.split(";")[0].partition("=")
        if value:
            cookies[name] = value
        else:
            cookies.pop(name, None)
    return answer, page
