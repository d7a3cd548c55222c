"""Works in the console of the local city as a browser does: signs in, reads pages, sends their forms."""

from html.parser import HTMLParser
from http.client import HTTPConnection
from urllib.parse import urlencode, urljoin, urlsplit

_SESSION = "__Host-kairan"
_STEPS_MAX = 10


class _Form:
    """Where a form goes, and what it sends when nobody touches it."""

    def __init__(self, action):
        self.action, self.fields = action, []


class _Forms(HTMLParser):
    """The forms of a page."""

    def __init__(self, page):
        super().__init__()
        self.forms, self._select, self._area = [], None, None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.forms.append(_Form(attrs.get("action") or ""))
        if not self.forms:
            return
        fields, name = self.forms[-1].fields, attrs.get("name")
        chosen = attrs.get("type") not in ("checkbox", "radio") or "checked" in attrs
        if tag == "input" and name and chosen and attrs.get("type") not in ("file", "submit"):
            fields.append((name, attrs.get("value") or ""))
        if tag == "textarea" and name:
            self._area = [name, ""]
        if tag == "select" and name:
            self._select = [name, None]
        if tag == "option" and self._select and ("selected" in attrs or self._select[1] is None):
            self._select[1] = attrs.get("value") or ""

    def handle_data(self, data):
        if self._area:
            self._area[1] += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self._area:
            self.forms[-1].fields.append((self._area[0], self._area[1].removeprefix("\n")))
            self._area = None
        if tag == "select" and self._select:
            self.forms[-1].fields.append((self._select[0], self._select[1] or ""))
            self._select = None


class Browser:
    """One of the sample staff at work; the first of them unless an address is given."""

    def __init__(self, city, email=None):
        self.console, self.cookies = city["console"], {}
        person = next(one for one in city["people"] if email in (None, one["email"]))
        address, body = urljoin(self.console, "/sign-in"), None
        for _ in range(_STEPS_MAX):
            answer, page = self._ask(address, body)
            if _SESSION in self.cookies:
                return
            if location := answer.getheader("location"):
                address, body = urljoin(address, location), None
                continue
            form = _Forms(page).forms[-1]
            typed = {"username": person["email"], "password": person["password"]}
            address, body = urljoin(address, form.action), urlencode(dict(form.fields) | typed)
        raise SystemExit(f"{person['email']} cannot sign in: it ended at {address}")

    def session_cookie(self):
        """The session's cookie, as a request sends it."""
        return f"{_SESSION}={self.cookies[_SESSION]}"

    def send(self, path, action, changed):
        """Sends a form of a page with some fields changed; the path to which the answer leads."""
        _, page = self._ask(urljoin(self.console, path), None)
        form = next((form for form in _Forms(page).forms if form.action.endswith(action)), None)
        if form is None:
            raise SystemExit(f"{path} has no form that goes to {action}")
        kept = [(name, value) for name, value in form.fields if name not in changed]
        answer, page = self._ask(urljoin(self.console, form.action), urlencode([*kept, *changed.items()]))
        location = answer.getheader("location")
        if answer.status != 303 or location is None:
            raise SystemExit(f"{form.action} answered {answer.status}: {page}")
        return urlsplit(location).path

    def _ask(self, address, body):
        parts = urlsplit(address)
        # Every name of the city is this machine, but not every machine knows that of names below localhost.
        connection = HTTPConnection("127.0.0.1", parts.port, timeout=120)
        headers = {"Host": parts.netloc, "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"{parts.scheme}://{parts.netloc}"}
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        connection.request("GET" if body is None else "POST", target, body, headers)
        answer = connection.getresponse()
        page = answer.read().decode(errors="replace")
        for cookie in answer.headers.get_all("set-cookie") or []:
            name, _, value = cookie.split(";")[0].partition("=")
            if value:
                self.cookies[name] = value
            else:
                self.cookies.pop(name, None)
        return answer, page
