//! Whatever is typed anywhere stays text everywhere: a walk over all pages that fills every field of every form.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use app::ports::watch::Flow;
use app::town::table::TownTable;
use domain::ids::ResidentId;
use domain::staff::{Role, Standing};
use http::{Method, StatusCode, header};
use tests::console::{Browser, Seen, TownHall, query};
use tests::forms::{Form, Kind, forms, unescaped};

/// Text that is HTML wherever somebody forgets to escape it. Each field gets a number of its own, to be found again.
fn markup(number: usize) -> String {
    format!("<script>alert({number})</script>\"'><img src=x>")
}

/// What must stand in no page: elements that were typed, and a quote that would end an attribute's value.
const LOOSE: [&str; 4] = ["<script>alert", "</script>\"", "<img src=x", "&lt;/script&gt;\""];

/// By what a spreadsheet takes a cell for a formula.
const SIGNS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// Forms that would end the walk, or take away what it looks at. None has a field to type in.
const LEFT_ALONE: [&str; 8] =
    ["/sign-out", "/remove", "/disable", "/enable", "/undo", "/trial/disconnect", "/questions/ignore", "/redrive"];

/// Routes at which no link of a page leads. What scripts ask for (`….json`) is none of a person's either.
const UNLINKED: [&str; 5] = ["/assets/{name}", "/sign-in", "/sign-in/callback", "/signed-in", "/signed-out"];

fn is_unlinked(route: &str) -> bool {
    // Of broadcasts, and of what is kept to write them with, the walk has none: `broadcasts.rs` and `templates.rs` have.
    let things = [
        "/broadcasts/{id}",
        "/broadcasts/pictures",
        "/broadcasts/templates/{id}",
        "/broadcasts/audiences/{",
        "/reminders/{id}",
        "/reports/{id}",
    ];
    let of_broadcast = things.iter().any(|begin| route.starts_with(begin));
    UNLINKED.contains(&route) || of_broadcast || route.rsplit('.').next() == Some("json")
}

/// Of one route so many addresses are visited.
const ADDRESSES_MAX: usize = 24;

/// A form is known by the route where it goes and what it asks; of numbered fields the number does not matter.
type Key = (&'static str, Option<TownTable>, BTreeSet<String>);

fn key(form: &Form) -> Key {
    let route = route_of(if form.method == "get" { &Method::GET } else { &Method::POST }, &form.action);
    let route = route.unwrap_or_else(|| panic!("a form goes to {}, where there is nothing", form.action));
    let name = |name: &str| name.trim_end_matches(|sign: char| sign.is_ascii_digit()).to_owned();
    let table = form.action.strip_prefix("/town/").and_then(|rest| TownTable::of(rest.split(['/', '?']).next()?));
    (route, table, form.fields.iter().map(|field| name(&field.name)).collect())
}

/// The route of an address.
fn route_of(method: &Method, address: &str) -> Option<&'static str> {
    let path = address.split('?').next().unwrap_or_default();
    let is_one = |of: &str, part: &str| of == part || of.starts_with('{');
    let fits = |route: &&'static str| {
        route.split('/').count() == path.split('/').count()
            && route.split('/').zip(path.split('/')).all(|(of, part)| is_one(of, part))
    };
    let routes = console::routes::all().into_iter().filter(|route| route.method == *method);
    routes.map(|route| route.path).filter(fits).min_by_key(|route| route.matches('{').count())
}

/// Somebody who goes everywhere and types the same kind of text into everything.
struct Walk {
    browser: Browser,
    text: fn(usize) -> String,
    /// The numbers of the texts that came back in a page, as text.
    shown: BTreeSet<usize>,
    /// The cells of all files that were given out.
    cells: BTreeSet<String>,
    /// What was typed where, by number.
    typed: Vec<(String, String)>,
    /// Those of them that went into hidden fields.
    hidden: BTreeSet<usize>,
    /// Addresses to which forms led.
    led_to: BTreeSet<String>,
}

impl Walk {
    async fn begin(hall: &TownHall, text: fn(usize) -> String) -> Self {
        let mut admin = TownHall::person("admin", [Role::Administrator]);
        admin.phone = Some("U0123456789abcdef0123456789abcdef".parse::<ResidentId>().unwrap());
        let mut gone = TownHall::person("gone", [Role::Administrator]);
        gone.standing = Standing::Disabled;
        hall.staff.settle([admin, gone]);
        let mut walk = Self {
            browser: hall.signed_in("admin").await,
            text,
            shown: BTreeSet::new(),
            cells: BTreeSet::new(),
            typed: Vec::new(),
            hidden: BTreeSet::new(),
            led_to: BTreeSet::new(),
        };
        // Residents ask too, and nobody chose their words.
        let asked = walk.number("/questions", "asked");
        hall.questions.ask(&text(asked), "2026-11-20T00:00:00Z".parse().unwrap());
        hall.watch.flows.bury(Flow::Inbox, &text(asked));
        walk
    }

    fn number(&mut self, path: &str, field: &str) -> usize {
        self.typed.push((path.to_owned(), field.to_owned()));
        self.typed.len() - 1
    }

    /// Looks at what came back, wherever it comes from.
    fn look(&mut self, at: &str, seen: &Seen) {
        let kind = seen.headers.get(header::CONTENT_TYPE).map_or("", |kind| kind.to_str().unwrap());
        assert_ne!(seen.status, StatusCode::SERVICE_UNAVAILABLE, "{at} broke: {}", seen.body);
        if kind.starts_with("text/csv") {
            let mut rows =
                csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(seen.body.as_bytes());
            for cell in rows.records().flat_map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()) {
                let begins = cell.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n', '\u{3000}']);
                assert!(!begins.starts_with(SIGNS) && !cell.starts_with('\t'), "{at} gives out a formula: {cell:?}");
                self.cells.insert(cell);
            }
            return;
        }
        for loose in LOOSE {
            assert!(!seen.body.contains(loose), "{at} holds {loose} as it was typed: {}", seen.body);
        }
        for piece in seen.body.split("&lt;script&gt;alert(").skip(1) {
            self.shown.extend(piece.split(')').next().and_then(|number| number.parse::<usize>().ok()));
        }
    }

    async fn get(&mut self, address: &str) -> Seen {
        let seen = self.browser.get(address).await;
        self.look(address, &seen);
        seen
    }

    /// Visits all that links lead to, and says which forms stand where.
    async fn everywhere(&mut self) -> (BTreeMap<String, Seen>, BTreeSet<&'static str>) {
        let mut queue: VecDeque<String> = ["/".to_owned()].into_iter().chain(self.led_to.clone()).collect();
        let (mut pages, mut visits) = (BTreeMap::new(), BTreeMap::<&'static str, usize>::new());
        while let Some(address) = queue.pop_front() {
            let Some(route) = route_of(&Method::GET, &address).filter(|route| !is_unlinked(route)) else {
                continue;
            };
            let visited = visits.entry(route).or_default();
            if pages.contains_key(&address) || *visited >= ADDRESSES_MAX {
                continue;
            }
            *visited += 1;
            let page = self.get(&address).await;
            let links = page.body.split(" href=\"").skip(1).filter_map(|rest| Some(unescaped(rest.split_once('"')?.0)));
            queue.extend(links.filter(|link| link.starts_with('/')));
            pages.insert(address, page);
        }
        (pages, visits.into_keys().collect())
    }

    /// Sends a form, looks at the answer and at where it leads.
    async fn send(&mut self, form: &Form, fields: &[(String, String)]) -> Seen {
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let answer = if form.method == "get" {
            self.browser.get(&format!("{}?{}", form.action, query(&fields))).await
        } else {
            self.browser.post_as(&form.action, &fields, tests::console::ORIGIN).await
        };
        self.look(&form.action, &answer);
        if answer.status == StatusCode::SEE_OTHER {
            let to = answer.location().to_owned();
            assert!(to.starts_with('/') && !to.contains(['<', '"', '\'']), "{} leads to {to}", form.action);
            self.get(&to).await;
            self.led_to.insert(to);
        }
        answer
    }

    /// Fills every field of a form, one after the other, and presses every button. Says which forms came back.
    async fn fill(&mut self, page: Option<&str>, form: &Form) -> Vec<Form> {
        let mut back = Vec::new();
        let hidden = form.named(Kind::Hidden).filter(|name| *name != "csrf");
        let names: Vec<&str> = form.named(Kind::Typed).chain(hidden).collect();
        for name in &names {
            let number = self.number(&form.action, name);
            if !form.named(Kind::Typed).any(|typed| typed == *name) {
                self.hidden.insert(number);
            }
            for button in [None].into_iter().chain(form.buttons.iter().map(Some)) {
                let now = self.again(page, form).await;
                let mut fields = filled(&now, number);
                fields.retain(|(known, _)| known != name);
                fields.push(((*name).to_owned(), (self.text)(number)));
                fields.extend(button.cloned());
                let answer = self.send(&now, &fields).await;
                let returned = forms(&answer.body);
                // Told of a doubt, one saves all the same.
                if let Some(doubted) = returned.iter().find(|form| form.has_button("warnings")) {
                    let accept = ("warnings".to_owned(), "accept".to_owned());
                    self.send(doubted, &[doubted.untouched(), vec![accept]].concat()).await;
                }
                back.extend(returned);
            }
        }
        if names.is_empty() {
            let answer = self.send(form, &form.untouched()).await;
            back.extend(forms(&answer.body));
        }
        back
    }

    /// The form as its page has it now: what it has seen may be old.
    async fn again(&self, page: Option<&str>, form: &Form) -> Form {
        let Some(page) = page else { return form.clone() };
        let now = forms(&self.browser.get(page).await.body);
        now.into_iter().find(|now| now.action == form.action && now.method == form.method).unwrap_or(form.clone())
    }

    /// Chooses a file, in each of whose cells stands the text, and whose name is the text.
    async fn choose_file(&mut self, page: &Seen, form: &Form) {
        let table = form.action.strip_prefix("/town/").and_then(|rest| TownTable::of(rest.strip_suffix("/import")?));
        let table = table.unwrap_or_else(|| panic!("say what file {} takes", form.action));
        let number = self.number(&form.action, "file");
        let cell = format!("\"{}\"", (self.text)(number).replace('"', "\"\""));
        let row = vec![cell; table.columns().len()].join(",");
        let file = format!("{}\r\n{row}\r\n", table.columns().join(","));
        let name = (self.text)(number).replace('"', "");
        let sent = self.browser.upload(page, &form.action, &[], ("file", &name, file.as_bytes())).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}: {}", form.action, sent.body);
        self.get(sent.location()).await;
        self.led_to.insert(sent.location().to_owned());
    }

    /// Goes everywhere, fills in everything, and goes everywhere once more.
    async fn walk(&mut self) {
        let (pages, _) = self.everywhere().await;
        let mut known = BTreeSet::new();
        let mut waiting: VecDeque<(Option<&String>, Form)> = VecDeque::new();
        for (address, page) in &pages {
            waiting.extend(forms(&page.body).into_iter().map(|form| (Some(address), form)));
        }
        while let Some((page, form)) = waiting.pop_front() {
            let is_left_alone = LEFT_ALONE.iter().any(|end| key(&form).0.ends_with(end));
            assert!(!is_left_alone || form.named(Kind::Typed).count() == 0, "{} is not tried", form.action);
            // The form of a broadcast, and of a rule that writes some, grows with each button: `broadcasts.rs` tries it.
            let grows = ["/broadcasts", "/reminders"].iter().any(|begin| form.action.starts_with(begin));
            if is_left_alone || grows || !known.insert(key(&form)) {
                continue;
            }
            if form.named(Kind::File).count() > 0 {
                let page = page.and_then(|page| pages.get(page)).unwrap();
                self.choose_file(page, &form).await;
            } else {
                let back = self.fill(page.map(String::as_str), &form).await;
                waiting.extend(back.into_iter().map(|form| (None, form)));
            }
        }
        let (pages, visited) = self.everywhere().await;
        let exports = pages.values().flat_map(|page| forms(&page.body)).filter(|form| form.action.ends_with("/export"));
        let exports: BTreeMap<Key, Form> = exports.map(|form| (key(&form), form)).collect();
        for form in exports.values() {
            self.send(form, &form.untouched()).await;
        }
        for route in console::routes::all().iter().filter(|route| route.method == Method::GET) {
            let is_seen = is_unlinked(route.path) || visited.contains(route.path);
            assert!(is_seen, "no link leads to {}, so the walk has not seen it", route.path);
        }
    }
}

/// A form filled in as somebody would who has nothing to hide.
fn filled(form: &Form, number: usize) -> Vec<(String, String)> {
    let value = |field: &tests::forms::Field| {
        let value = field.values.first().filter(|value| !value.is_empty()).cloned();
        match field.kind {
            // A line of the calendar that says only this is a line without days.
            Kind::Chosen if field.name.starts_with("holidays-") => value.or_else(|| Some(String::new())),
            Kind::Chosen => value.or_else(|| field.offered.iter().find(|offered| !offered.is_empty()).cloned()),
            Kind::Typed => value.or_else(|| Some(good(&field.name, number))),
            Kind::Hidden => value.or_else(|| Some(String::new())),
            Kind::File => None,
        }
    };
    form.fields.iter().filter_map(|field| Some((field.name.clone(), value(field)?))).collect()
}

/// What can stand in a field that must not be empty.
fn good(name: &str, number: usize) -> String {
    match name {
        "name" => format!("名前{number}"),
        "reading" => "よみ".to_owned(),
        "color" => "#1B5E9E".to_owned(),
        "center" => "ひがしセンター".to_owned(),
        "from" | "to" | "date" => format!("{}-12-29", 2_030 + number),
        "email" => format!("p{number}@city.example"),
        "when-1" => "月".to_owned(),
        "text" => "本文".to_owned(),
        "question" => "いつですか".to_owned(),
        "alias" => format!("別名{number}"),
        "reason" => "雪".to_owned(),
        "url" => "https://hooks.example.jp/".to_owned(),
        "duplicate_radius_m" => "50".to_owned(),
        _ => String::new(),
    }
}

#[tokio::test]
async fn nothing_that_is_typed_becomes_an_element() {
    let hall = super::foreign::hall();
    let mut walk = Walk::begin(&hall, markup).await;
    walk.walk().await;
    // A field that is shown nowhere proves nothing. What a page hides it has no reason to show.
    let lost = walk.typed.iter().enumerate().filter(|(number, _)| !walk.shown.contains(number));
    let lost: Vec<_> = lost.filter(|(number, _)| !walk.hidden.contains(number)).collect();
    assert!(lost.is_empty(), "typed, and shown nowhere: {lost:?}");
    assert!(walk.typed.len() > 100, "{}", walk.typed.len());
}

/// Every cell in which free text can stand comes out defused, by whichever sign it begins.
async fn no_cell_is_a_formula(text: fn(usize) -> String) {
    let hall = super::foreign::hall();
    let mut walk = Walk::begin(&hall, text).await;
    walk.walk().await;
    for (table, columns) in [
        (TownTable::WasteItems, &["name", "aliases", "how", "note", "name_en"][..]),
        (TownTable::Topics, &["name", "name_easy", "name_en", "description"]),
        (TownTable::Categories, &["name", "name_easy", "name_en", "description", "how"]),
        (TownTable::Districts, &["name"]),
        (TownTable::Areas, &["name"]),
        (TownTable::Departments, &["name"]),
        (TownTable::Calendar, &["note-1"]),
        (TownTable::Closures, &["note"]),
        (TownTable::Changes, &["reason"]),
        (TownTable::Dates, &["name", "name_easy", "name_en", "question", "question_easy", "question_en"]),
        (
            TownTable::ReportKinds,
            &[
                "name",
                "name_easy",
                "name_en",
                "description",
                "description_easy",
                "description_en",
                "urgent",
                "urgent_easy",
                "urgent_en",
                "closed",
                "closed_easy",
                "closed_en",
            ],
        ),
        (
            TownTable::ReportQuestions,
            &["question", "question_easy", "question_en", "choices", "choices_easy", "choices_en"],
        ),
        (TownTable::ReportAnswers, &["name", "text"]),
    ] {
        for column in columns {
            let is_this = |(path, field): &(String, String)| {
                path.starts_with(&format!("/town/{}/", table.name())) && field == column
            };
            let mut numbers = walk.typed.iter().enumerate().filter(|(_, typed)| is_this(typed)).map(|(at, _)| at);
            let given_out = numbers.any(|number| walk.cells.contains(&format!("'{}", text(number).trim())));
            assert!(given_out, "{table:?} {column}: {:?}", walk.cells);
        }
    }
}

#[tokio::test]
async fn no_file_holds_a_formula() {
    no_cell_is_a_formula(|number| format!("=1+{number}")).await;
}

#[tokio::test]
async fn no_file_holds_a_number_with_a_sign() {
    no_cell_is_a_formula(|number| format!("+{number}")).await;
}

#[tokio::test]
async fn no_file_holds_a_formula_behind_a_dash() {
    no_cell_is_a_formula(|number| format!("-1+{number}")).await;
}

#[tokio::test]
async fn no_file_holds_a_function() {
    no_cell_is_a_formula(|number| format!("@SUM(A{number})")).await;
}

#[tokio::test]
async fn no_file_holds_a_formula_behind_a_tab() {
    no_cell_is_a_formula(|number| format!("\t=1+{number}")).await;
}

#[tokio::test]
async fn nothing_that_stands_in_an_address_becomes_an_element() {
    let hall = super::foreign::hall();
    let mut walk = Walk::begin(&hall, markup).await;
    let strange = query(&[("", &markup(7))]).trim_start_matches('=').to_owned();
    let names = "return state code error done from page date month show q category area department id first last who what missing";
    for route in console::routes::all() {
        let parts: Vec<&str> =
            route.path.split('/').map(|part| if part.starts_with('{') { &strange } else { part }).collect();
        let paths = [parts.join("/"), route.path.replace("{table}", "topics").replace("{revision}", "1")];
        for path in paths.iter().filter(|_| route.method == Method::GET) {
            for name in names.split(' ') {
                walk.get(&format!("{path}?{}", query(&[(name, &markup(7))]))).await;
            }
            walk.get(&format!("{path}?{strange}={strange}")).await;
        }
        // A form that comes back, because it is an old one or because the session has ended, brings all that was typed.
        let stranger = hall.browser();
        for browser in [&walk.browser, &stranger] {
            let evil = markup(7);
            let fields = [("csrf", evil.as_str()), ("name", &evil), ("text", &evil), (&evil, &evil)];
            let back = browser.post_as(&paths[0], &fields, tests::console::ORIGIN).await;
            assert!(!LOOSE.iter().any(|loose| back.body.contains(loose)), "{}: {}", paths[0], back.body);
        }
    }
    let begun = walk.browser.get("/sign-in").await;
    let state = begun.location().split_once("state=").unwrap().1.split('&').next().unwrap().to_owned();
    for name in ["error", "error_description", "code"] {
        walk.get(&format!("/sign-in/callback?{}", query(&[("state", &state), (name, &markup(7))]))).await;
    }
}
